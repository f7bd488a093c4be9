import { randomBytes } from 'node:crypto';
import { cp, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import {
  ConfigurationError,
  EngineError,
  TABLES,
  UnsupportedError,
  columnOnDisk,
  throwIfAborted,
  type ProgressEvent,
  type TableName,
} from '@hemline/core';
import { isS3 } from '@hemline/stores';
import { DEFAULT_TABLE, readDescriptor, type DatasetDescriptor } from './descriptor.ts';
import { defaultPlace, missingTable } from './open-dataset.ts';
import { marketRows, quoted, text, type Connection } from './scattered-rows.ts';
import { tableFiles } from './table-files.ts';

/** Memory that sorting may take before it goes to disk. */
const MEMORY_MIB = 2048;
/** Rows of a row group: what a reader holds at a time. */
const ROW_GROUP_ROWS = 262_144;

/** How a dataset is written anew. */
export interface RepartitionOptions {
  /** A `dataset.json` that lies elsewhere. */
  readonly descriptor?: string;
  /** Partitions that each market is split into, by article; 1 by default. */
  readonly buckets?: number;
  /** Memory that sorting may take before it goes to disk. */
  readonly memoryMib?: number;
  /** Threads, one by default. */
  readonly threads?: number;
  readonly onProgress?: (event: ProgressEvent) => void;
  readonly signal?: AbortSignal;
}

/** What was written. */
export interface RepartitionSummary {
  readonly directory: string;
  readonly rows: number;
  readonly partitions: number;
}

/**
 * Writes a dataset anew with the weekly table in partitions of whole series, sorted by article, market and week, however it
 * was partitioned before: by week, by file, not at all. Sorts on disk what memory does not hold (DuckDB). Other tables are
 * copied as they are. The folder appears when all is there.
 * @param directory of the dataset
 * @param out new folder
 * @param options descriptor, buckets, memory
 * @returns rows and partitions
 * @throws ConfigurationError when `out` exists
 * @throws DataError when rows have no market, or folders are not named as they should be
 * @throws EngineError when DuckDB is not installed
 */
export async function repartition(
  directory: string,
  out: string,
  options: RepartitionOptions = {},
): Promise<RepartitionSummary> {
  const target = resolve(out);
  if ((await stat(target).catch(() => null)) !== null) {
    throw new ConfigurationError('the folder to write to is there already', {
      expected: 'a new folder',
      found: out,
      remedy: 'Name another, or remove it.',
    });
  }
  if (isS3(directory) || isS3(out)) {
    throw new UnsupportedError('only folders can be repartitioned', {
      found: isS3(directory) ? directory : out,
      remedy: 'Copy the dataset here first, with aws s3 sync.',
    });
  }
  const descriptor = await descriptorOf(directory, options.descriptor);
  const aside = join(dirname(target), `.${basename(target)}.${randomBytes(4).toString('hex')}`);
  await mkdir(aside, { recursive: true });
  try {
    await copyOthers(directory, descriptor, aside);
    const written = await writeWeekly(directory, descriptor, aside, options);
    await writeFile(
      join(aside, 'dataset.json'),
      `${JSON.stringify(placed(descriptor, directory), null, 2)}\n`,
    );
    await rename(aside, target);
    return { directory: target, ...written };
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/**
 * Whether the weeks of a series lie in different partitions, so that none can be processed alone.
 * @param directory of the dataset
 * @param given a `dataset.json` that lies elsewhere
 * @returns whether folders are named by the week
 */
export async function isPartitionedByWeek(directory: string, given?: string): Promise<boolean> {
  if (isS3(directory)) return false;
  const descriptor = await descriptorOf(directory, given);
  const week = descriptor?.tables.weekly?.columns['week'] ?? columnOnDisk('week');
  const place = await findPlace(directory, descriptor, 'weekly');
  if (place === null) return false;
  const [first] = (await tableFiles(place)).files;
  return first !== undefined && Object.hasOwn(first.keys, week);
}

async function writeWeekly(
  directory: string,
  descriptor: DatasetDescriptor | null,
  aside: string,
  { buckets = 1, memoryMib = MEMORY_MIB, threads = 1, onProgress, signal }: RepartitionOptions,
): Promise<{ rows: number; partitions: number }> {
  const { columns } = descriptor?.tables.weekly ?? DEFAULT_TABLE;
  const nameOf = (role: string): string => columns[role] ?? columnOnDisk(role);
  const keys = { article: nameOf('article'), market: nameOf('market'), week: nameOf('week') };
  const [article, week] = [quoted(keys.article), quoted(keys.week)];
  const { files } = await tableFiles(await placeOf(directory, descriptor, 'weekly'));
  const connection = await connect();
  try {
    await connection.run(`SET memory_limit = '${memoryMib}MiB'`);
    await connection.run(`SET threads = ${threads}`);
    await connection.run(`SET temp_directory = ${text(join(aside, '.sorting'))}`);
    const markets = await marketRows(connection, files, keys);
    let rows = 0;
    for (const [done, market] of markets.entries()) {
      onProgress?.({ phase: 'repartitioning', done, total: markets.length, unit: 'markets' });
      for (let bucket = 0; bucket < buckets; bucket++) {
        throwIfAborted(signal);
        const folder = join(
          aside,
          'weekly',
          `${keys.market}=${encodeURIComponent(market.name)}`,
          ...(buckets === 1 ? [] : [`bucket=${bucket}`]),
        );
        await mkdir(folder, { recursive: true });
        const some = buckets === 1 ? '' : ` WHERE hash(${article}) % ${buckets} = ${bucket}`;
        await connection.run(
          `COPY (SELECT * FROM (${market.select})${some} ORDER BY ${article}, ${week})
           TO ${text(join(folder, 'part-00000.parquet'))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP_ROWS})`,
        );
      }
      rows += market.rows;
    }
    onProgress?.({ phase: 'repartitioning', done: markets.length, total: markets.length, unit: 'markets' });
    await rm(join(aside, '.sorting'), { recursive: true, force: true });
    return { rows, partitions: markets.length * buckets };
  } finally {
    connection.closeSync();
  }
}

/** Images of models that read no scattered data do without it. */
async function connect(): Promise<Connection> {
  try {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    return await (await DuckDBInstance.create(':memory:')).connect();
  } catch (cause) {
    throw new EngineError('DuckDB cannot be loaded', {
      expected: '@duckdb/node-api with the library for this platform',
      found: (cause as Error).message.split('\n')[0],
      remedy: 'Install it (npm install @duckdb/node-api), or bring the data in partitions of whole series.',
      cause,
    });
  }
}

async function copyOthers(
  directory: string,
  descriptor: DatasetDescriptor | null,
  aside: string,
): Promise<void> {
  for (const name of Object.keys(TABLES) as TableName[]) {
    if (name === 'weekly') continue;
    const place = await findPlace(directory, descriptor, name);
    if (place === null && descriptor?.tables[name] !== undefined) throw missingTable(directory, name);
    if (place === null) continue;
    const isFile = (await stat(place)).isFile();
    await cp(place, join(aside, isFile ? `${name}.parquet` : name), { recursive: true });
  }
}

async function descriptorOf(directory: string, given: string | undefined): Promise<DatasetDescriptor | null> {
  const file = given ?? join(directory, 'dataset.json');
  const isThere = given !== undefined || (await stat(file).catch(() => null)) !== null;
  return isThere ? readDescriptor(file) : null;
}

/** Tables lie under their default names now. */
function placed(descriptor: DatasetDescriptor | null, directory: string): DatasetDescriptor {
  const { name, tables } = descriptor ?? { name: basename(resolve(directory)), tables: {} };
  return {
    name,
    tables: Object.fromEntries(
      Object.entries(tables).map(([table, { path: _path, ...rest }]) => [table, rest]),
    ),
  };
}

async function placeOf(
  directory: string,
  descriptor: DatasetDescriptor | null,
  name: TableName,
): Promise<string> {
  // What is not there is told by the search for files.
  return (await findPlace(directory, descriptor, name)) ?? join(directory, name);
}

async function findPlace(
  directory: string,
  descriptor: DatasetDescriptor | null,
  name: TableName,
): Promise<string | null> {
  const declared = descriptor?.tables[name]?.path;
  const path = declared === undefined ? await defaultPlace(directory, name) : resolve(directory, declared);
  if (path === null || (await stat(path).catch(() => null)) === null) return null;
  return (await hasFiles(path)) ? path : null;
}

async function hasFiles(path: string): Promise<boolean> {
  return (await stat(path)).isFile() || (await readdir(path)).length > 0;
}
