import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Table } from 'apache-arrow';
import {
  Batch,
  columnOnDisk,
  concatBatches,
  ConfigurationError,
  emptyBatch,
  listing,
  nearest,
  sliceRows,
  TABLES,
  UnsupportedError,
  type Schema,
  type TableName,
} from '@hemline/core';
import type { RangeFilter } from '@hemline/parquet';
import { openDataset } from '@hemline/runtime';
import { isS3, openParquetFile, openStore, writeParquetFile } from '@hemline/stores';
import { isFolder } from './inspect.ts';
import { isOutput, outputFiles } from './output-files.ts';

/** Which part of a table is read; all of it is held in memory. */
export interface ReadTableOptions {
  /** Names of columns, in the order wanted; all by default. */
  readonly columns?: readonly string[];
  /** At most so many rows, the first. */
  readonly rows?: number;
  /** Of files and forecasts: only rows in all these ranges, ends included; what cannot hold any is not read. */
  readonly where?: readonly RangeFilter[];
  /** Of a dataset: which table, `weekly` by default. */
  readonly table?: TableName;
  /** Of a dataset: a `dataset.json` that lies elsewhere. */
  readonly descriptor?: string;
  readonly signal?: AbortSignal;
}

/**
 * Reads a Parquet file, forecasts, or a table of a dataset as an Arrow table. Values and bitmaps are not copied on the way; strings
 * are dictionaries, weeks dates.
 * @param path a Parquet file, a folder with a manifest (forecasts, features), or the folder of a dataset; a path or `s3://…`
 * @param options columns, rows, which table
 * @returns the table
 * @throws UnsupportedError when there is no such column or table
 */
export async function readTable(path: string, options: ReadTableOptions = {}): Promise<Table> {
  if (!isFolder(path)) return tableOf([path], options);
  if (await isOutput(path)) return forecastTable(path, options);
  const { table: name = 'weekly', columns, descriptor, signal, rows = Infinity } = options;
  if (options.where !== undefined)
    throw new UnsupportedError('a table of a dataset is read without ranges', {
      expected: 'columns and rows',
      found: `ranges of ${options.where.map(({ column }) => column).join(', ')}`,
      remedy: 'Read one of its Parquet files, or filter the table.',
    });
  const dataset = await openDataset(path, descriptor === undefined ? {} : { descriptor });
  if (!dataset.tables.names.includes(name)) throw missing('table', name, dataset.tables.names, path);
  const table = dataset.tables.get(name);
  checkColumns(columns, table.schema, path);
  return firstRows(table.batches({ columns, signal }), rows, table.schema, columns);
}

/**
 * Reads forecasts (or features) as an Arrow table, all files that their manifest lists.
 * @param directory folder of them, as `forecast` gives it
 * @param options columns, rows, ranges such as one market's
 * @returns the table
 * @throws DataError when the folder has no manifest, or one that lists no file
 */
export async function forecastTable(
  directory: string,
  options: Pick<ReadTableOptions, 'columns' | 'rows' | 'where' | 'signal'> = {},
): Promise<Table> {
  const files = await outputFiles(directory);
  return tableOf(
    files.map((file) => file.path),
    options,
  );
}

/** What was written as Arrow. */
export interface WrittenArrow {
  readonly file: string;
  readonly rows: number;
  readonly columns: readonly string[];
}

/**
 * Writes what {@link readTable} reads as an Arrow IPC file (Feather), which pyarrow, pandas, polars and R read.
 * @param path of a Parquet file, forecasts or a dataset
 * @param file to write; appears when it is whole
 * @param options columns, rows, which table
 * @returns rows and columns
 */
export async function writeArrow(
  path: string,
  file: string,
  options: ReadTableOptions = {},
): Promise<WrittenArrow> {
  const [table, { tableToIPC }] = await Promise.all([readTable(path, options), import('apache-arrow')]);
  const target = resolve(file);
  await mkdir(dirname(target), { recursive: true });
  const temporary = `${target}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, tableToIPC(table, 'file'));
    await rename(temporary, target);
  } finally {
    await rm(temporary, { force: true });
  }
  return { file: target, rows: table.numRows, columns: table.schema.fields.map(({ name }) => name) };
}

/**
 * Writes Arrow tables as a dataset that every function here takes: Parquet files under the default names.
 * @param directory new or empty folder, or `s3://…`
 * @param tables Arrow tables by the name of the table: `weekly`, `articles`, …; columns called by their roles
 * @param descriptor where columns have other names: what `dataset.json` says of them
 * @returns the folder
 * @throws ConfigurationError when the folder holds something
 * @throws UnsupportedError for an Arrow type that has no column type
 * @throws SchemaError when a table lacks a column that it needs
 */
export async function writeDataset(
  directory: string,
  tables: Readonly<Partial<Record<TableName, Table>>>,
  descriptor?: object,
): Promise<string> {
  const entries = Object.entries(tables) as [TableName, Table][];
  if (entries.length === 0)
    throw new ConfigurationError('a dataset has at least one table', { expected: 'weekly', found: 'none' });
  if (!isS3(directory) && existsSync(directory) && (await readdir(directory)).length > 0)
    throw new ConfigurationError('the folder of a new dataset holds something', {
      expected: 'a new or empty folder',
      found: listing(await readdir(directory)),
      where: { file: directory },
      remedy: 'Name another folder, or remove it first.',
    });
  const { fromArrow } = await arrow();
  const isDescribed = descriptor !== undefined;
  const batches = entries.map(([name, table]) => {
    const batch = fromArrow(table);
    return [name, isDescribed ? batch : withDiskNames(name, batch)] as const;
  });
  for (const [name, batch] of batches) await writeParquetFile(`${directory}/${name}.parquet`, [batch]);
  if (isDescribed) {
    const store = await openStore(directory);
    await store.write('dataset.json', `${JSON.stringify(descriptor, null, 2)}\n`);
  }
  // What is wrong with the columns is told now, not by the first job.
  await openDataset(directory);
  return directory;
}

/** Arrow takes a while to load: only those who need it wait. */
function arrow(): Promise<typeof import('@hemline/core/arrow')> {
  return import('@hemline/core/arrow');
}

/** Roles may be called by their own names, as {@link readTable} gives them, or as they are in files. */
function withDiskNames(table: TableName, batch: Batch): Batch {
  const roles = new Set(TABLES[table].roles.map(({ name }) => name));
  const columns = [...batch.columns].map(
    ([name, column]) => [roles.has(name) ? columnOnDisk(name) : name, column] as const,
  );
  return new Batch(new Map(columns), batch.length);
}

/** The rows of several files of one schema. */
async function tableOf(
  paths: readonly string[],
  { columns, rows = Infinity, where, signal }: ReadTableOptions,
): Promise<Table> {
  const first = await openParquetFile(paths[0]!);
  checkColumns(columns, first.schema, paths[0]!);
  async function* batches(): AsyncGenerator<Batch> {
    for (const path of paths) yield* (await openParquetFile(path)).batches({ columns, where, signal });
  }
  return firstRows(batches(), rows, first.schema, columns);
}

async function firstRows(
  batches: AsyncIterable<Batch>,
  most: number,
  schema: Schema,
  columns: readonly string[] | undefined,
): Promise<Table> {
  const { toArrow } = await arrow();
  const kept: Batch[] = [];
  let rows = 0;
  for await (const batch of batches) {
    kept.push(rows + batch.length > most ? sliceRows(batch, 0, most - rows) : batch);
    rows += kept.at(-1)!.length;
    if (rows >= most) break;
  }
  if (kept.length > 0) return toArrow(concatBatches(kept));
  const fields = schema.fields.filter(({ name }) => columns?.includes(name) ?? true);
  return toArrow(emptyBatch({ ...schema, fields }));
}

function checkColumns(columns: readonly string[] | undefined, { fields }: Schema, path: string): void {
  const names = fields.map(({ name }) => name);
  for (const column of columns ?? [])
    if (!names.includes(column)) throw missing('column', column, names, path);
}

function missing(what: string, name: string, names: readonly string[], path: string): UnsupportedError {
  const close = nearest(name, names);
  return new UnsupportedError(`there is no ${what} ${name}`, {
    expected: `one of ${listing(names, 20)}`,
    where: { file: path },
    ...(close === undefined ? {} : { remedy: `Did you mean ${close}?` }),
  });
}
