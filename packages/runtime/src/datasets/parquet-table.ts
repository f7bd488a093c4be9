import {
  Batch,
  columnOnDisk,
  concatBatches,
  type ReadOptions,
  type Schema,
  type Table,
  type TableName,
} from '@hemline/core';
import { openParquet } from '@hemline/parquet';
import { openParquetFile, openSource } from '@hemline/stores';
import { blackPricesOf } from './black-prices.ts';
import { convertRows } from './convert-rows.ts';
import type { TableDescriptor } from './descriptor.ts';
import {
  checkAgreement,
  mapColumns,
  missingColumn,
  type MappedColumns,
  type TableColumn,
  type UnusedColumn,
} from './map-columns.ts';
import { partitionName, type FolderContent, type PassedOver, type TableFile } from './table-files.ts';
import { ChangeCounts, columnsToMend, mendRows, mendsRows } from './mend-rows.ts';
import type { OnProblem } from './problems.ts';
import { typedColumns } from './typed-columns.ts';
import { articleFilter } from './article-filter.ts';
import { isOutside, weekFilter } from './week-filter.ts';
import { columnsToFill, fillZeroWeeks, type ZeroWeeks } from './zero-weeks.ts';

/** A batch and the place of its rows, for errors that name file and row. */
export interface PlacedBatch {
  readonly batch: Batch;
  readonly file: TableFile;
  /** Row of the file that the batch's first row is. */
  readonly firstRow: number;
}

/**
 * A table over Parquet files. Columns are named by role, converted to the role's type; hive keys are columns. A file is
 * opened when it is read, so that a table of many files costs nothing to declare.
 */
export class ParquetTable implements Table {
  readonly name: TableName;
  readonly schema: Schema;
  readonly files: readonly TableFile[];
  readonly descriptor: TableDescriptor;
  /** Files in the table's folder that are not read. */
  readonly passedOver: readonly PassedOver[];
  /** Columns of the files that nothing is read of. */
  readonly unused: readonly UnusedColumn[];
  readonly #columns: readonly TableColumn[];
  /** Where weeks without a row are weeks without a sale. */
  readonly #zeroWeeks: ZeroWeeks | null;

  private constructor(
    name: TableName,
    { files, passedOver }: FolderContent,
    descriptor: TableDescriptor,
    { columns, unused }: MappedColumns,
    zeroWeeks: ZeroWeeks | null,
  ) {
    this.#zeroWeeks = zeroWeeks;
    this.name = name;
    this.files = files;
    this.passedOver = passedOver;
    this.descriptor = descriptor;
    this.unused = unused;
    this.#columns = columns;
    this.schema = {
      fields: columns.map(
        ({ source: _, isKey: _key, stored: _stored, isVoid: _void, isDerived: _derived, ...field }) => field,
      ),
    };
  }

  /**
   * Reads the first file's footer and maps its columns to roles.
   * @param name of the table
   * @param content files of the table, at least one
   * @param descriptor what dataset.json says of it
   * @param onProblem told of every required column that is missing or has a type that cannot stand for its role
   * @returns the table; null where there was such a problem
   */
  static async open(
    name: TableName,
    content: FolderContent,
    descriptor: TableDescriptor,
    onProblem: OnProblem,
  ): Promise<ParquetTable | null> {
    const first = content.files[0]!;
    let problems = 0;
    const parquet = await openParquetFile(first.path);
    const mapped = mapColumns(name, first, parquet, descriptor, (problem) => {
      problems++;
      onProblem(problem);
    });
    if (problems > 0) return null;
    const columns = await typedColumns(name, content.files, descriptor, mapped.columns);
    return new ParquetTable(name, content, descriptor, { ...mapped, columns }, null);
  }

  /**
   * The same table, some files only.
   * @param files a subset
   * @returns the smaller table
   */
  withFiles(files: readonly TableFile[]): ParquetTable {
    return this.#with(files, this.#zeroWeeks);
  }

  /**
   * The same table with rows for weeks in which nothing was sold.
   * @param zeroWeeks what is known of them
   * @returns the longer table
   */
  withZeroWeeks(zeroWeeks: ZeroWeeks): ParquetTable {
    return this.#with(this.files, zeroWeeks);
  }

  /** The same table with the rows alone that its files hold. */
  asStored(): ParquetTable {
    return this.#with(this.files, null);
  }

  #with(files: readonly TableFile[], zeroWeeks: ZeroWeeks | null): ParquetTable {
    const mapped = { columns: this.#columns, unused: this.unused };
    const content = { files, passedOver: this.passedOver };
    return new ParquetTable(this.name, content, this.descriptor, mapped, zeroWeeks);
  }

  /** Name on disk of a column, for messages. */
  sourceOf(column: string): string {
    return this.#columns.find(({ name }) => name === column)?.source ?? column;
  }

  async *batches(options: ReadOptions = {}): AsyncGenerator<Batch> {
    if (this.#zeroWeeks === null && !this.#derives('blackPrice'))
      for await (const { batch } of this.placedBatches(options)) yield batch;
    else yield* this.#partitionBatches(options);
  }

  #derives(column: string): boolean {
    return this.#columns.some(({ name, isDerived }) => name === column && isDerived === true);
  }

  /** Partition by partition, since each holds whole series: what a series lacks shows only in all of its rows. */
  async *#partitionBatches({
    columns = this.schema.fields.map(({ name }) => name),
    weeks,
    signal,
  }: ReadOptions): AsyncGenerator<Batch> {
    const wanted = this.#choose(columns).map(({ name }) => name);
    const available = this.#columns.map(({ name }) => name);
    const read = {
      columns: columnsToMend(columnsToFill(wanted, available), available),
      weeks: weeks === undefined ? undefined : { ...weeks, after: -Infinity },
      signal,
    };
    const constant = this.#columns
      .filter(({ name, isKey }) => isKey || this.descriptor.staticCovariates.includes(name))
      .map(({ name }) => name);
    for (const files of Map.groupBy(this.files, partitionName).values()) {
      const parts: Batch[] = [];
      for await (const { batch } of this.#with(files, null).placedBatches(read)) parts.push(batch);
      if (parts.length === 0) continue;
      const rows = this.#priced(concatBatches(parts));
      if (this.#zeroWeeks === null) yield rows.select(wanted);
      else yield* fillZeroWeeks(rows, this.#zeroWeeks, wanted, constant);
    }
  }

  /** Rows of whole series with the black prices and discounts that are made from their prices. */
  #priced(rows: Batch): Batch {
    const { blackPrice } = this.descriptor;
    if (!this.#derives('blackPrice') || blackPrice === undefined) return rows;
    const priced = new Map(rows.columns).set('blackPrice', blackPricesOf(rows, blackPrice.weeks));
    return mendRows(new Batch(priced, rows.length), this.descriptor, true, new ChangeCounts());
  }

  /**
   * The rows that the files hold, with their places. Each file is opened once.
   * @param options columns, weeks, signal
   * @param counts told what the descriptor changes of the rows
   * @yields a batch per row group that has rows of the weeks
   */
  async *placedBatches(
    { columns, weeks, articles, signal }: ReadOptions = {},
    counts = new ChangeCounts(),
  ): AsyncGenerator<PlacedBatch> {
    const asked = this.#choose(columns).map(({ name }) => name);
    const isMended = this.name === 'weekly' && (mendsRows(this.descriptor) || this.#derives('discount'));
    const available = this.#columns.map(({ name }) => name);
    const wanted = this.#choose(isMended ? columnsToMend(asked, available) : asked);
    // Without black prices, which take whole series, there is no discount yet.
    const makesDiscount = this.#derives('discount') && !this.#derives('blackPrice');
    for (const file of this.files) {
      const source = await openSource(file.path);
      try {
        const parquet = await openParquet(source);
        const found = mapColumns(this.name, file, parquet, this.descriptor).columns;
        checkAgreement(this.name, this.#columns, found, file, this.files[0]!);
        if (isOutside(this, weeks, found, file)) continue;
        const where = [...weekFilter(this, weeks, found), ...articleFilter(articles, found)];
        const reading = { file, parquet, found, wanted };
        // Two roles may mean one column: sales that stand for demand.
        const names = wanted.map(({ name }) => found.find((column) => column.name === name)!);
        const sources = [
          ...new Set(
            names
              .filter(({ isKey, isDerived }) => !isKey && isDerived !== true)
              .map((column) => column.source),
          ),
        ];
        // Of rows that were filtered it is no longer known which of the file they are.
        let firstRow = where.length === 0 ? 0 : null;
        for await (const raw of parquet.batches({ columns: sources, where, signal })) {
          const rows = convertRows(this, raw, reading, firstRow);
          const batch = isMended
            ? mendRows(rows, this.descriptor, makesDiscount, counts).select(asked)
            : rows;
          yield { batch, file, firstRow: firstRow ?? 0 };
          if (firstRow !== null) firstRow += raw.length;
        }
      } finally {
        await source.close();
      }
    }
  }

  #choose(names: readonly string[] | undefined): readonly TableColumn[] {
    if (names === undefined) return this.#columns;
    return names.map((name) => {
      const column = this.#columns.find((each) => each.name === name);
      if (column !== undefined) return column;
      throw missingColumn(
        this.name,
        this.files[0]!,
        name,
        columnOnDisk(name),
        this.#columns.map((each) => each.source),
      );
    });
  }
}
