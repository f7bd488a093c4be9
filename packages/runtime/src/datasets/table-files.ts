import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DataError, systemError } from '@hemline/core';
import { inParallel, isS3, openSource, openStore } from '@hemline/stores';

/** More of a footer than this tells nothing new. */
const LARGEST_FOOTER = 1 << 24;

/** One Parquet file of a table. */
export interface TableFile {
  readonly path: string;
  /** Relative to the table's folder, `/` between parts: what it is known by in messages and fingerprints. */
  readonly name: string;
  readonly bytes: number;
  /** Changes when the content does: the digest of the footer, or S3's ETag. */
  readonly version: string;
  /** Keys of the hive folders that it lies in: `market=DE/` gives market → DE. */
  readonly keys: Readonly<Record<string, string>>;
}

/** Footers read at a time. */
const READS_AT_A_TIME = 16;

/** A file of a table that has been found, and not been looked into. */
type FoundFile = Omit<TableFile, 'version'>;

/**
 * The Parquet files of a table, sorted by name. Names that begin with a dot or underscore are no data (as in Hadoop and
 * Spark): temporary files, `_SUCCESS`.
 * @param path a file, or a folder of files and hive folders; a path or `s3://…`
 * @returns the files; empty when the folder holds none
 * @throws DataError when there is nothing at the path, or a folder is no hive folder
 */
export async function tableFiles(path: string): Promise<TableFile[]> {
  if (isS3(path)) return tableObjects(path);
  const stats = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return null;
    throw systemError(cause, path, 'read');
  });
  if (stats === null)
    throw new DataError('a table is not where it should be', {
      expected: 'a Parquet file or a folder of them',
      found: 'nothing',
      where: { file: path },
    });
  if (stats.isFile()) return withVersions([{ path, name: basename(path), bytes: stats.size, keys: {} }]);
  const files: FoundFile[] = [];
  await collectFiles(path, '', {}, files);
  return withVersions(files.sort((a, b) => (a.name < b.name ? -1 : 1)));
}

async function withVersions(files: readonly FoundFile[]): Promise<TableFile[]> {
  const versions = new Map<string, string>();
  await inParallel(files, READS_AT_A_TIME, async ({ path }) => {
    versions.set(path, await footerDigest(path));
  });
  return files.map((file) => ({ ...file, version: versions.get(file.path)! }));
}

/** As in a folder: the parts of a key are folders and a file. */
async function tableObjects(url: string): Promise<TableFile[]> {
  const [folder, last] = [url.slice(0, url.lastIndexOf('/')), url.slice(url.lastIndexOf('/') + 1)];
  if (last.endsWith('.parquet')) {
    const object = await (await openStore(folder)).stat(last);
    if (object !== null)
      return [{ path: url, name: last, bytes: object.bytes, version: object.version, keys: {} }];
  }
  const store = await openStore(url);
  const files: TableFile[] = [];
  for await (const { key, bytes, version } of store.list()) {
    const parts = key.split('/');
    if (parts.some((part) => part.startsWith('.') || part.startsWith('_')) || !key.endsWith('.parquet'))
      continue;
    const folders = parts.slice(0, -1);
    const keys = Object.fromEntries(
      folders.map((part, i) => hiveKey([url, ...folders.slice(0, i)].join('/'), part)),
    );
    files.push({ path: store.urlOf(key), name: key, bytes, version, keys });
  }
  return files.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function hiveKey(folder: string, entry: string): [string, string] {
  const equals = entry.indexOf('=');
  if (equals < 1) {
    throw new DataError('a folder of a table is no partition', {
      expected: 'key=value, such as market=DE',
      found: entry,
      where: { file: folder },
      remedy: 'Rename it, or move it out of the table.',
    });
  }
  return [entry.slice(0, equals), keyValue(folder, entry, entry.slice(equals + 1))];
}

async function collectFiles(
  folder: string,
  prefix: string,
  keys: Readonly<Record<string, string>>,
  files: FoundFile[],
): Promise<void> {
  const entries = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    throw systemError(cause, folder, 'read');
  });
  for (const entry of entries) {
    if (entry.startsWith('.') || entry.startsWith('_')) continue;
    const path = join(folder, entry);
    const stats = await stat(path).catch((cause: NodeJS.ErrnoException) => {
      throw systemError(cause, path, 'read');
    });
    if (stats.isDirectory()) {
      const [key, value] = hiveKey(folder, entry);
      await collectFiles(path, `${prefix}${entry}/`, { ...keys, [key]: value }, files);
    } else if (entry.endsWith('.parquet')) {
      files.push({ path, name: `${prefix}${entry}`, bytes: stats.size, keys });
    }
  }
}

/** Hive writers percent-encode what a folder's name may not hold. */
function keyValue(folder: string, entry: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new DataError('the name of a partition cannot be decoded', {
      expected: 'key=value with special characters percent-encoded, such as market=50%25',
      found: entry,
      where: { file: folder },
      remedy: 'Rename the folder.',
      cause,
    });
  }
}

/**
 * The hive folder of a file.
 * @param file of a table
 * @returns for example `market=DE`, empty in a flat table
 */
export function partitionFolder(file: TableFile): string {
  return file.name.slice(0, Math.max(0, file.name.lastIndexOf('/')));
}

/**
 * The partition that a file belongs to: its hive folder, or itself.
 * @param file of a table
 * @returns for example `market=DE`; the file's stem in a flat table
 */
export function partitionName(file: TableFile): string {
  return partitionFolder(file) || file.name.replace(/\.parquet$/, '');
}

/**
 * Tells one content of a Parquet file from another of the same size, without reading it: the digest of its footer, which
 * holds sizes, statistics and, in files written here, checksums of all data.
 */
async function footerDigest(path: string): Promise<string> {
  const source = await openSource(path);
  try {
    const { size } = source;
    const tail = await source.read({ start: Math.max(0, size - 8), end: size });
    const length = tail.length < 8 ? 0 : new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
    // What is no Parquet file is told when it is opened.
    const start = Math.max(0, size - 8 - Math.min(length, LARGEST_FOOTER));
    const footer = await source.read({ start, end: size });
    return createHash('sha256').update(footer).digest('hex');
  } finally {
    await source.close();
  }
}
