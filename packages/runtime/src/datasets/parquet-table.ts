import {
  Batch,
  columnOnDisk,
  missingColumn as missingValues,
  type Column,
  type ReadOptions,
  type Schema,
  type Table,
  type TableName,
  type WeekRange,
} from '@hemline/core';
import { openParquet, type ParquetFile, type RangeFilter } from '@hemline/parquet';
import { openParquetFile, openSource } from '@hemline/stores';
import { convertColumn, keyColumn } from './convert-column.ts';
import type { TableDescriptor } from './descriptor.ts';
import { checkAgreement, mapColumns, missingColumn, type TableColumn } from './table-columns.ts';
import type { TableFile } from './table-files.ts';

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
  readonly #columns: readonly TableColumn[];

  private constructor(
    name: TableName,
    files: readonly TableFile[],
    descriptor: TableDescriptor,
    columns: readonly TableColumn[],
  ) {
    this.name = name;
    this.files = files;
    this.descriptor = descriptor;
    this.#columns = columns;
    this.schema = {
      fields: columns.map(
        ({ source: _, isKey: _key, stored: _stored, isUntyped: _untyped, ...field }) => field,
      ),
    };
  }

  /**
   * Reads the first file's footer and maps its columns to roles.
   * @param name of the table
   * @param files of the table, at least one
   * @param descriptor what dataset.json says of it
   * @returns the table
   * @throws SchemaError when a required column is missing or has a type that cannot stand for its role
   */
  static async open(
    name: TableName,
    files: readonly TableFile[],
    descriptor: TableDescriptor,
  ): Promise<ParquetTable> {
    const first = files[0]!;
    const file = await openParquetFile(first.path);
    return new ParquetTable(name, files, descriptor, mapColumns(name, first, file, descriptor));
  }

  /**
   * The same table, some files only.
   * @param files a subset
   * @returns the smaller table
   */
  withFiles(files: readonly TableFile[]): ParquetTable {
    return new ParquetTable(this.name, files, this.descriptor, this.#columns);
  }

  /** Name on disk of a column, for messages. */
  sourceOf(column: string): string {
    return this.#columns.find(({ name }) => name === column)?.source ?? column;
  }

  async *batches(options: ReadOptions = {}): AsyncGenerator<Batch> {
    for await (const { batch } of this.placedBatches(options)) yield batch;
  }

  /**
   * The batches with their places. Each file is opened once.
   * @param options columns, weeks, signal
   * @yields a batch per row group that has rows of the weeks
   */
  async *placedBatches({ columns, weeks, signal }: ReadOptions = {}): AsyncGenerator<PlacedBatch> {
    const wanted = this.#choose(columns);
    const where = this.#filter(weeks);
    // Two roles may mean one column: sales that stand for demand.
    const sources = [...new Set(wanted.filter(({ isKey }) => !isKey).map(({ source }) => source))];
    for (const file of this.files) {
      const source = await openSource(file.path);
      try {
        const parquet = await openParquet(source);
        const found = mapColumns(this.name, file, parquet, this.descriptor);
        checkAgreement(this.name, this.#columns, found, file, this.files[0]!);
        // Of rows that were filtered it is no longer known which of the file they are.
        let firstRow = where.length === 0 ? 0 : null;
        for await (const raw of parquet.batches({ columns: sources, where, signal })) {
          yield { batch: this.#convert(raw, wanted, file, parquet, firstRow), file, firstRow: firstRow ?? 0 };
          if (firstRow !== null) firstRow += raw.length;
        }
      } finally {
        await source.close();
      }
    }
  }

  /** Weeks as a filter of row groups and pages, where they are stored as dates. */
  #filter(weeks: WeekRange | undefined): RangeFilter[] {
    const column = this.#columns.find(({ name }) => name === weeks?.role);
    if (weeks === undefined || column === undefined || column.isKey || column.stored !== 'date') return [];
    return [
      {
        column: column.source,
        ...(weeks.after === -Infinity ? {} : { from: weeks.after + 1 }),
        ...(weeks.until === Infinity ? {} : { to: weeks.until }),
      },
    ];
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

  #convert(
    raw: Batch,
    wanted: readonly TableColumn[],
    file: TableFile,
    { untyped }: ParquetFile,
    firstRow: number | null,
  ): Batch {
    const columns = new Map<string, Column>();
    for (const { name, source, type, isKey } of wanted) {
      const where = { table: this.name, file: file.name, column: source };
      columns.set(
        name,
        isKey
          ? keyColumn(file.keys[source]!, raw.length)
          : untyped.has(source)
            ? missingValues({ name, type }, raw.length)
            : convertColumn(raw.column(source), type, where, firstRow),
      );
    }
    return new Batch(columns, raw.length);
  }
}
