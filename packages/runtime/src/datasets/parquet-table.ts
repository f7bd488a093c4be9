import {
  Batch,
  DescriptorError,
  SchemaError,
  TABLES,
  UnsupportedError,
  columnOnDisk,
  missingColumn as missingValues,
  listing,
  nearest,
  type Column,
  type ColumnType,
  type Field,
  type ReadOptions,
  type Schema,
  type Table,
  type TableName,
  type WeekRange,
} from '@hemline/core';
import { openParquet, type ParquetFile, type RangeFilter } from '@hemline/parquet';
import { openParquetFile, openSource } from '@hemline/stores';
import { convertColumn, isConvertible, keyColumn, wrongType } from './convert-column.ts';
import type { TableDescriptor } from './descriptor.ts';
import type { TableFile } from './table-files.ts';

/** One column of a table: its name here, and where it comes from. */
interface TableColumn extends Field {
  /** Name in the files, or key of the hive folders. */
  readonly source: string;
  readonly isKey: boolean;
  /** Type in the files. */
  readonly stored: ColumnType;
  /** Whether it is missing throughout the file, which then says nothing of its type. */
  readonly isUntyped: boolean;
}

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

function mapColumns(
  table: TableName,
  file: TableFile,
  parquet: ParquetFile,
  descriptor: TableDescriptor,
): TableColumn[] {
  const definition = TABLES[table];
  const stored = new Map(parquet.schema.fields.map((field) => [field.name, field]));
  const available = [...stored.keys(), ...Object.keys(file.keys)];
  const columns: TableColumn[] = [];
  const used = new Set<string>();
  for (const role of definition.roles) {
    const declared = descriptor.columns[role.name];
    const source = declared ?? columnOnDisk(role.name);
    refuseUnsupported(table, file, parquet, source);
    const isKey = !stored.has(source) && file.keys[source] !== undefined;
    const field = stored.get(source);
    if (!isKey && field === undefined) {
      if (role.required || declared !== undefined)
        throw missingColumn(table, file, role.name, source, available);
      continue;
    }
    const found = field?.type ?? 'string';
    const isUntyped = !isKey && parquet.untyped.has(source);
    if (!isUntyped && !isConvertible(found, role.type))
      throw wrongType(found, role.type, { table, file: file.name, column: source });
    used.add(source);
    columns.push({
      name: role.name,
      type: role.type,
      nullable: role.nullable,
      description: role.description,
      source,
      isKey,
      stored: found,
      isUntyped,
    });
  }
  for (const name of covariates(definition.knownAt === null, descriptor, available, used)) {
    refuseUnsupported(table, file, parquet, name);
    refuseTwice(table, name, definition, columns);
    const field = stored.get(name);
    const isKey = field === undefined && file.keys[name] !== undefined;
    if (field === undefined && !isKey) throw missingColumn(table, file, name, name, available);
    const knownAhead = descriptor.futureCovariates.includes(name);
    columns.push({
      name,
      type: field?.type ?? 'string',
      nullable: true,
      source: name,
      isKey,
      stored: field?.type ?? 'string',
      isUntyped: !isKey && parquet.untyped.has(name),
      ...(knownAhead ? { knownAhead } : {}),
    });
  }
  return columns;
}

/** What is there and cannot be read must not look as if it were not there. */
function refuseUnsupported(table: TableName, file: TableFile, parquet: ParquetFile, source: string): void {
  const declared = Object.hasOwn(parquet.unsupported, source) ? parquet.unsupported[source] : undefined;
  if (declared === undefined) return;
  throw new UnsupportedError('the type of a column is not supported', {
    expected: 'a flat column of bool, integers, float, double, date, timestamp, decimal or text',
    found: declared,
    where: { table, file: file.name, column: source },
    remedy: 'Cast it before handing the data over.',
  });
}

/** A covariate under the name of a role would take its place. */
function refuseTwice(
  table: TableName,
  name: string,
  { roles }: { readonly roles: readonly { readonly name: string }[] },
  columns: readonly TableColumn[],
): void {
  const isRole = roles.some((role) => role.name === name);
  if (!isRole && !columns.some((column) => column.name === name)) return;
  throw new DescriptorError('a covariate has a name that is taken', {
    expected: isRole ? `${name} to be the role of that name` : 'every covariate once',
    found: `${name} among the covariates`,
    where: { table, column: name },
    remedy: isRole
      ? `Map the role under "columns", or rename the column.`
      : 'Take one of them out of dataset.json.',
  });
}

/** Covariates are declared; in tables of attributes every further column is a static one unless some are declared. */
function covariates(
  isAttributes: boolean,
  descriptor: TableDescriptor,
  available: readonly string[],
  used: ReadonlySet<string>,
): readonly string[] {
  const declared = [
    ...descriptor.staticCovariates,
    ...descriptor.pastCovariates,
    ...descriptor.futureCovariates,
  ];
  if (declared.length > 0 || !isAttributes) return declared;
  return available.filter((name) => !used.has(name));
}

/** Files of one table must have the same columns: one that only some have would be overlooked in those. */
function checkAgreement(
  table: TableName,
  expected: readonly TableColumn[],
  found: readonly TableColumn[],
  file: TableFile,
  first: TableFile,
): void {
  for (const column of expected) {
    const own = found.find(({ name }) => name === column.name);
    if (own === undefined)
      throw missingColumn(
        table,
        file,
        column.name,
        column.source,
        found.map(({ source }) => source),
      );
    if (column.isUntyped && !own.isUntyped && own.type !== column.type)
      throw new SchemaError('a column has no type in the first file of a table', {
        expected: `${own.type}, as in ${file.name}`,
        found: 'missing values alone',
        where: { table, file: first.name, column: column.source },
        remedy: 'Write it with its type, empty where it is not known.',
      });
    if (own.type !== column.type && !own.isUntyped)
      throw wrongType(own.type, column.type, { table, file: file.name, column: column.source });
  }
  const extra = found.find(({ name }) => !expected.some((column) => column.name === name));
  if (extra === undefined) return;
  throw new SchemaError('the files of a table have different columns', {
    expected: `the columns of ${first.name}: ${listing(
      expected.map(({ source }) => source),
      20,
    )}`,
    found: `${extra.source} as well`,
    where: { table, file: file.name, column: extra.source },
    remedy: 'Write the column to all files of the table, empty where it is not known.',
  });
}

function missingColumn(
  table: TableName,
  file: TableFile,
  role: string,
  source: string,
  available: readonly string[],
): SchemaError {
  const close = nearest(source, available);
  return new SchemaError('a column is missing', {
    expected: role === source ? source : `${source} (role ${role})`,
    found: `columns ${listing(available, 20)}`,
    where: { table, file: file.name, column: source },
    remedy: `Add it, or name the column that means it under "tables"."${table}" in dataset.json${close === undefined ? '' : `: did you mean ${close}?`}${close === undefined ? '.' : ''}`,
  });
}
