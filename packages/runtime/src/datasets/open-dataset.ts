import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, resolve } from 'node:path';
import {
  DataError,
  HemlineError,
  TABLES,
  listing,
  parseWeek,
  systemError,
  type TableName,
  type Week,
} from '@hemline/core';
import { Dataset } from './dataset.ts';
import { isS3, openStore } from '@hemline/stores';
import { hasParquetSuffix } from './file-kind.ts';
import { DEFAULT_TABLE, parseDescriptor, readDescriptor, type DatasetDescriptor } from './descriptor.ts';
import { reportOf, stopAtFirst, type OnProblem } from './problems.ts';
import { ParquetTable } from './parquet-table.ts';
import { tableFiles } from './table-files.ts';
import { firstKnownWeekOf, lastKnownWeekOf } from './validate-dataset.ts';
import { readLives, type Life, type Span, type ZeroWeeks } from './zero-weeks.ts';

/** How to open a dataset. */
export interface OpenOptions {
  /** A `dataset.json` that lies elsewhere; by default the one in the folder, if there is one. */
  readonly descriptor?: string;
  /** Told of tables that cannot be opened, which are left out then; by default the first one is thrown. */
  readonly onProblem?: OnProblem;
}

const TABLE_NAMES = Object.keys(TABLES) as TableName[];

/**
 * Opens a dataset: finds the files of its tables, and maps their columns to roles.
 * @param directory (path or `s3://bucket/prefix`) with `dataset.json` or tables under their default names (`weekly.parquet`, `weekly/…`)
 * @param options where the descriptor is
 * @returns the dataset; no row has been read
 * @throws DescriptorError, SchemaError or DataError, with what to do
 */
export async function openDataset(directory: string, options: OpenOptions = {}): Promise<Dataset> {
  if (isS3(directory)) return openPrefix(directory.replace(/\/+$/, ''), options);
  const folder = resolve(directory);
  const found = await notAFolder(folder);
  if (found !== null) {
    throw new DataError('there is no dataset', {
      expected: 'a folder of Parquet files',
      found,
      where: { file: directory },
      remedy: 'Check the path.',
    });
  }
  const file =
    options.descriptor ??
    ((await exists(join(folder, 'dataset.json'))) ? join(folder, 'dataset.json') : null);
  const descriptor = file === null ? null : await readDescriptor(file);
  const places = new Map<TableName, string>();
  for (const name of TABLE_NAMES) {
    const declared = descriptor?.tables[name];
    const place =
      declared?.path === undefined ? await defaultPlace(folder, name) : placeBelow(folder, declared.path);
    if (place !== null) places.set(name, place);
    else if (declared !== undefined) throw missingTable(directory, name);
  }
  return build(descriptor, places, folder, directory, options.onProblem);
}

/** The same in S3: a folder is where there are keys below it. */
async function openPrefix(url: string, options: OpenOptions): Promise<Dataset> {
  const store = await openStore(url);
  const ownDescriptor = options.descriptor === undefined ? await store.read('dataset.json') : null;
  const descriptor =
    ownDescriptor !== null
      ? parseDescriptor(Buffer.from(ownDescriptor).toString(), store.urlOf('dataset.json'))
      : options.descriptor === undefined
        ? null
        : await readDescriptor(options.descriptor);
  const isThere = async (place: string): Promise<boolean> => {
    if ((await store.stat(place)) !== null) return true;
    for await (const _ of store.list(place)) return true;
    return false;
  };
  const places = new Map<TableName, string>();
  for (const name of TABLE_NAMES) {
    const declared = descriptor?.tables[name];
    const suffixes = ['', '.parquet', '.parq', '.pq', '.PARQUET'];
    const candidates =
      declared?.path === undefined ? suffixes.map((suffix) => name + suffix) : [declared.path];
    const found: string[] = [];
    for (const place of candidates) if (await isThere(place)) found.push(place);
    if (found.length > 1) throw twoPlaces(url, name, found);
    if (found[0] !== undefined) places.set(name, store.urlOf(found[0]));
    if (declared !== undefined && !places.has(name)) throw missingTable(url, name);
  }
  return build(descriptor, places, url, url, options.onProblem);
}

/**
 * Opens a dataset whose tables come in channels, as on SageMaker.
 * @param channels folder of each channel; those named like a table hold its files, `dataset` may hold a whole dataset,
 *   `descriptor` a `dataset.json`
 * @param options where the descriptor is, when not in its channel
 * @returns the dataset
 * @throws DescriptorError, SchemaError or DataError, with what to do
 */
export async function openDatasetFromChannels(
  channels: Readonly<Record<string, string>>,
  options: OpenOptions = {},
): Promise<Dataset> {
  const inChannel =
    channels['descriptor'] === undefined ? undefined : join(channels['descriptor'], 'dataset.json');
  const file = options.descriptor ?? inChannel;
  if (channels['dataset'] !== undefined)
    return openDataset(channels['dataset'], file === undefined ? {} : { descriptor: file });
  const descriptor = file === undefined ? null : await readDescriptor(file);
  const places = new Map<TableName, string>();
  for (const name of TABLE_NAMES) if (channels[name] !== undefined) places.set(name, channels[name]);
  if (places.size === 0) {
    throw new DataError('no channel holds data', {
      expected: `channels named ${TABLE_NAMES.join(', ')}, or one named dataset`,
      found: listing(Object.keys(channels)) || 'none',
      remedy: "Name the job's channels after the tables they carry.",
    });
  }
  return build(descriptor, places, [...places.values()].join(', '), [...places.keys()].join(', '));
}

async function build(
  descriptor: DatasetDescriptor | null,
  places: ReadonlyMap<TableName, string>,
  directory: string,
  shown: string,
  onProblem?: OnProblem,
): Promise<Dataset> {
  const tables = new Map<TableName, ParquetTable>();
  let unopened = 0;
  for (const [name, place] of places) {
    const content = await tableFiles(place);
    // A host may be given no object of a sharded table: an empty table is told by the job, not here.
    if (content.files.length === 0) continue;
    try {
      const table = await ParquetTable.open(
        name,
        content,
        descriptor?.tables[name] ?? DEFAULT_TABLE,
        onProblem ?? stopAtFirst,
      );
      if (table === null) unopened++;
      else tables.set(name, table);
    } catch (error) {
      if (onProblem === undefined || !(error instanceof HemlineError) || error.blame !== 'input') throw error;
      onProblem(reportOf(name, error));
      unopened++;
    }
  }
  const weekly = tables.get('weekly');
  if (weekly?.descriptor.missingWeeks === 'zero')
    tables.set('weekly', weekly.withZeroWeeks(zeroWeeksOf(weekly, tables.get('articles'))));
  if (tables.size + unopened === 0) {
    throw new DataError('the dataset is empty', {
      expected: `Parquet files of at least one table: ${TABLE_NAMES.join(', ')}`,
      found: await namesIn(directory),
      where: { file: shown },
      remedy: 'Put the files there under these names, or name their places in dataset.json.',
    });
  }
  const digest = createHash('sha256')
    .update(JSON.stringify(descriptor ?? null))
    .digest('hex');
  return new Dataset(descriptor?.name ?? basename(directory), directory, tables, digest);
}

/** What lies in a folder that is no dataset: often the dataset is one of its folders, or its file has another name. */
async function namesIn(directory: string): Promise<string> {
  if (isS3(directory)) return 'none';
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => null);
  if (entries === null) return 'none';
  const names = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort();
  return names.length === 0 ? 'an empty folder' : listing(names);
}

/** Read when they are first needed, and once. */
function zeroWeeksOf(weekly: ParquetTable, articles: ParquetTable | undefined): ZeroWeeks {
  let span: Promise<Span> | null = null;
  let lives: Promise<ReadonlyMap<string, Life>> | null = null;
  return { span: () => (span ??= spanOf(weekly)), lives: () => (lives ??= readLives(articles)) };
}

/** What the descriptor says, else from the first week with a demand to the last one. */
async function spanOf(weekly: ParquetTable): Promise<Span> {
  const { firstWeek, lastWeek } = weekly.descriptor;
  let [first, last]: [Week | null, Week | null] = [null, null];
  if (firstWeek === undefined || lastWeek === undefined)
    for await (const batch of weekly.batches({ columns: ['week', 'demand'] })) {
      first = firstKnownWeekOf(batch, first);
      last = lastKnownWeekOf(batch, last);
    }
  return {
    first: firstWeek === undefined ? (first ?? Infinity) : parseWeek(firstWeek),
    last: lastWeek === undefined ? (last ?? -Infinity) : parseWeek(lastWeek),
  };
}

/**
 * Where a table lies that the descriptor gives no path.
 * @param folder of the dataset
 * @param table its name
 * @returns folder or file; null where there is none
 * @throws DataError when there are two
 */
export async function defaultPlace(folder: string, table: TableName): Promise<string | null> {
  const found = (await readdir(folder)).filter((name) => isPlaceOf(table, name)).sort();
  if (found.length > 1) throw twoPlaces(folder, table, found);
  return found[0] === undefined ? null : join(folder, found[0]);
}

/** A table is a folder of its name, or a file of its name with any spelling of the suffix. */
function isPlaceOf(table: TableName, name: string): boolean {
  return name === table || (hasParquetSuffix(name) && name.replace(/\.[^.]*$/, '') === table);
}

function twoPlaces(directory: string, table: TableName, found: readonly string[]): DataError {
  return new DataError('a table lies in two places', {
    expected: `one of ${found.join(', ')}`,
    found: 'all of them',
    where: { table, file: directory },
    remedy: `Move the files together, or name the one that is meant as "path" of ${table} in dataset.json.`,
  });
}

function placeBelow(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

/**
 * @param directory of the dataset
 * @param table that its descriptor names
 * @returns the error that says so
 */
export function missingTable(directory: string, table: TableName): DataError {
  return new DataError('the descriptor names a table that is not there', {
    expected: `${table}/ or ${table}.parquet`,
    found: 'neither',
    where: { table, file: directory },
    remedy: 'Give its "path" in dataset.json, or take it out.',
  });
}

/** Nothing there is one thing; what is there and may not be looked at another. */
async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (cause) {
    if (isAbsent(cause)) return false;
    throw systemError(cause as NodeJS.ErrnoException, path, 'read');
  }
}

/** @returns what is in place of a folder; null where there is one that can be read */
async function notAFolder(path: string): Promise<string | null> {
  try {
    await readdir(path);
    return null;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return 'no folder';
    if ((cause as NodeJS.ErrnoException).code === 'ENOTDIR') return 'a file, or a file above it';
    throw systemError(cause as NodeJS.ErrnoException, path, 'read');
  }
}

function isAbsent(cause: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((cause as NodeJS.ErrnoException).code ?? '');
}
