import {
  Batch,
  SchemaError,
  TABLES,
  columnOnDisk,
  listing,
  nearest,
  type Column,
  type Field,
  type ReadOptions,
  type Schema,
  type Table,
  type TableName,
} from '@hemline/core';
import { openParquet, type ParquetFile } from '../parquet/index.ts';
import { convertColumn, isConvertible, keyColumn, wrongType } from './convert-column.ts';
import type { TableDescriptor } from './descriptor.ts';
import type { TableFile } from './table-files.ts';

/** One column of a table: its name here, and where it comes from. */
interface TableColumn extends Field {
  /** Name in the files, or key of the hive folders. */
  readonly source: string;
  readonly isKey: boolean;
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
    this.schema = { fields: columns.map(({ source: _source, isKey: _isKey, ...field }) => field) };
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
    const file = await openParquet(first.path);
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
   * The batches with their places.
   * @param options columns and signal
   * @yields a batch per row group
   */
  async *placedBatches(options: ReadOptions = {}): AsyncGenerator<PlacedBatch> {
    const wanted = this.#choose(options.columns);
    for (const file of this.files) {
      const parquet = await openParquet(file.path);
      let firstRow = 0;
      const stored = wanted.filter((column) => !column.isKey);
      for (const column of stored) checkType(this.name, file, parquet, column);
      // Two roles may mean one column: sales that stand for demand.
      const sources = [...new Set(stored.map((column) => column.source))];
      const groups = parquet.batches({ columns: sources, signal: options.signal });
      for await (const raw of groups) {
        yield { batch: this.#convert(raw, wanted, file), file, firstRow };
        firstRow += raw.length;
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

  #convert(raw: Batch, wanted: readonly TableColumn[], file: TableFile): Batch {
    const columns = new Map<string, Column>();
    for (const { name, source, type, isKey } of wanted) {
      const where = { table: this.name, file: file.name, column: source };
      columns.set(
        name,
        isKey ? keyColumn(file.keys[source]!, raw.length) : convertColumn(raw.column(source), type, where),
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
    const isKey = !stored.has(source) && file.keys[source] !== undefined;
    const field = stored.get(source);
    if (!isKey && field === undefined) {
      if (role.required || declared !== undefined)
        throw missingColumn(table, file, role.name, source, available);
      continue;
    }
    const found = field?.type ?? 'string';
    if (!isConvertible(found, role.type))
      throw wrongType(found, role.type, { table, file: file.name, column: source });
    used.add(source);
    columns.push({
      name: role.name,
      type: role.type,
      nullable: role.nullable,
      description: role.description,
      source,
      isKey,
    });
  }
  for (const name of covariates(definition.knownAt === null, descriptor, available, used)) {
    const field = stored.get(name);
    if (field === undefined) throw missingColumn(table, file, name, name, available);
    const knownAhead = descriptor.futureCovariates.includes(name);
    columns.push({
      name,
      type: field.type,
      nullable: true,
      source: name,
      isKey: false,
      ...(knownAhead ? { knownAhead } : {}),
    });
  }
  return columns;
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

/** Files of one table must agree: each is checked when it is read. */
function checkType(table: TableName, file: TableFile, parquet: ParquetFile, column: TableColumn): void {
  const field = parquet.schema.fields.find((each) => each.name === column.source);
  const available = parquet.schema.fields.map((each) => each.name);
  if (field === undefined) throw missingColumn(table, file, column.name, column.source, available);
  if (!isConvertible(field.type, column.type))
    throw wrongType(field.type, column.type, { table, file: file.name, column: column.source });
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
