import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DataError, systemError } from '@hemline/core';
import { inParallel, isS3, openSource, openStore, type StoreObject } from '@hemline/stores';
import { readDeltaLog, type DeltaFile } from './delta-log.ts';
import { footerDigest } from './footer-digest.ts';
import { fileKind, hasParquetSuffix, isMarker, stemOf } from './file-kind.ts';
import { refuseLog, refuseLogs } from './refused-logs.ts';

const MAGIC = Buffer.from('PAR1');

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

/** A file in a table's folder that holds no rows of the table, as far as can be told. */
export interface PassedOver {
  /** Relative to the table's folder. */
  readonly name: string;
  /** For people: `hidden`, `temporary`, `no Parquet file`. */
  readonly reason: string;
}

/** What lies in a table's folder. */
export interface FolderContent {
  /** Sorted by name. */
  readonly files: readonly TableFile[];
  /** Files that are not read, but for the markers that every writer leaves; hidden folders with a slash. */
  readonly passedOver: readonly PassedOver[];
}

/** Footers read at a time. */
const READS_AT_A_TIME = 16;

/** A file of a table that has been found, and not been looked into. */
type FoundFile = Omit<TableFile, 'version'> & { readonly version?: string };

/** Files as they are found, before those of unknown names are looked into. */
class Findings {
  readonly files: FoundFile[] = [];
  readonly passedOver: PassedOver[] = [];

  /** @param name of a folder whose name begins with a dot or underscore */
  addHiddenFolder(name: string): void {
    if (this.passedOver.at(-1)?.name !== name) this.passedOver.push({ name, reason: 'hidden' });
  }

  /** @throws DataError for a file of another format, whose rows would be lost */
  async add(file: FoundFile): Promise<void> {
    const name = basename(file.name);
    const kind = fileKind(name);
    if (kind === 'other-data') throw otherFormat(file);
    if (kind === 'hidden') {
      if (!isMarker(name)) this.passedOver.push({ name: file.name, reason: 'hidden' });
    } else if (kind === 'temporary') {
      this.passedOver.push({ name: file.name, reason: 'temporary' });
    } else if (kind === 'parquet' || (await isParquet(file))) {
      this.files.push(file);
    } else {
      this.passedOver.push({ name: file.name, reason: 'no Parquet file' });
    }
  }

  async content(): Promise<FolderContent> {
    const versions = new Map<string, string>();
    await inParallel(this.files, READS_AT_A_TIME, async ({ path, version }) => {
      versions.set(path, version ?? (await footerDigest(path)));
    });
    return {
      files: this.files
        .map((file) => ({ ...file, version: versions.get(file.path)! }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
      passedOver: this.passedOver.sort((a, b) => (a.name < b.name ? -1 : 1)),
    };
  }
}

/**
 * The Parquet files of a table: all files in its folder but those that are hidden (names that begin with a dot or underscore, as in
 * Hadoop and Spark), temporary, or no Parquet by their first and last bytes. Of a Delta Lake table, the files that its log says are
 * valid.
 * @param path a file, or a folder of files and hive folders; a path or `s3://…`
 * @returns the files, none when the folder holds none; and those passed over
 * @throws DataError when there is nothing at the path, a folder is no hive folder, or a file of another format is among the files
 * @throws UnsupportedError for a table with a transaction log that is not read
 */
export async function tableFiles(path: string): Promise<FolderContent> {
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
  const findings = new Findings();
  if (stats.isFile()) findings.files.push({ path, name: basename(path), bytes: stats.size, keys: {} });
  else {
    const valid = await readDeltaLog(path);
    if (valid !== null) return deltaContent(path, valid);
    await refuseLogs(path);
    await collectFiles(path, '', {}, findings);
  }
  return findings.content();
}

/** The files that a log names, as they are; all others are none of the table's. */
async function deltaContent(table: string, valid: readonly DeltaFile[]): Promise<FolderContent> {
  const store = await openStore(table);
  const others = new Map<string, StoreObject>();
  for await (const object of store.list()) others.set(object.key, object);
  const findings = new Findings();
  for (const { key, bytes, keys } of valid) {
    const object = others.get(key);
    if (object?.bytes !== bytes) {
      throw new DataError('a file is not as the log of its Delta Lake table says', {
        expected: `a file of ${bytes.toLocaleString('en')} bytes`,
        found: object === undefined ? 'none' : `${object.bytes.toLocaleString('en')} bytes`,
        where: { file: `${table}/${key}` },
        remedy: 'Copy the table again, its log last: the copy may have been made while it was written to.',
      });
    }
    others.delete(key);
    const version = isS3(table) ? { version: object.version } : {};
    findings.files.push({
      ...{ path: isS3(table) ? store.urlOf(key) : join(table, key), name: key, bytes, keys },
      ...version,
    });
  }
  for (const key of others.keys())
    if (!key.split('/').some(isHiddenName))
      findings.passedOver.push({ name: key, reason: 'not valid by the log of Delta Lake' });
  return findings.content();
}

/** As in a folder: the parts of a key are folders and a file. */
async function tableObjects(url: string): Promise<FolderContent> {
  const [folder, last] = [url.slice(0, url.lastIndexOf('/')), url.slice(url.lastIndexOf('/') + 1)];
  const findings = new Findings();
  if (hasParquetSuffix(last)) {
    const object = await (await openStore(folder)).stat(last);
    if (object !== null) {
      findings.files.push({ path: url, name: last, bytes: object.bytes, version: object.version, keys: {} });
      return findings.content();
    }
  }
  const valid = await readDeltaLog(url);
  if (valid !== null) return deltaContent(url, valid);
  const store = await openStore(url);
  // Data lies in folders that are sorted before those of some logs.
  for await (const { key } of store.list('metadata'))
    refuseLog(url, 'metadata', key.endsWith('.metadata.json'));
  for await (const { key, bytes, version } of store.list()) {
    // The consoles of object stores leave an empty object for a folder.
    if (key.endsWith('/') || key === '') continue;
    const folders = key.split('/').slice(0, -1);
    for (const part of folders) refuseLog(url, part, false);
    const hidden = folders.findIndex(isHiddenName);
    if (hidden !== -1) {
      findings.addHiddenFolder(`${folders.slice(0, hidden + 1).join('/')}/`);
      continue;
    }
    const keys = Object.fromEntries(
      folders.map((part, i) => hiveKey([url, ...folders.slice(0, i)].join('/'), part)),
    );
    await findings.add({ path: store.urlOf(key), name: key, bytes, version, keys });
  }
  return findings.content();
}

function isHiddenName(name: string): boolean {
  return name.startsWith('.') || name.startsWith('_');
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
  findings: Findings,
): Promise<void> {
  const entries = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    throw systemError(cause, folder, 'read');
  });
  for (const entry of entries) {
    const path = join(folder, entry);
    const stats = await stat(path).catch((cause: NodeJS.ErrnoException) => {
      throw systemError(cause, path, 'read');
    });
    if (stats.isDirectory()) {
      if (isHiddenName(entry)) {
        findings.addHiddenFolder(`${prefix}${entry}/`);
        continue;
      }
      const [key, value] = hiveKey(folder, entry);
      await collectFiles(path, `${prefix}${entry}/`, { ...keys, [key]: value }, findings);
    } else {
      await findings.add({ path, name: `${prefix}${entry}`, bytes: stats.size, keys });
    }
  }
}

function otherFormat({ path, name }: FoundFile): DataError {
  return new DataError("a file in a table's folder is of another format", {
    expected: 'Parquet files',
    found: name,
    where: { file: path },
    remedy: 'Convert it to Parquet, or move it out of the folder: its rows would be missing.',
  });
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
  return partitionFolder(file) || stemOf(file.name);
}

/** By its first and last bytes: engines that name files after their queries give them no suffix. */
async function isParquet({ path, bytes }: FoundFile): Promise<boolean> {
  if (bytes < 12) return false;
  const source = await openSource(path);
  try {
    const [head, tail] = await source.readMany([
      { start: 0, end: 4 },
      { start: bytes - 4, end: bytes },
    ]);
    return MAGIC.equals(head!) && MAGIC.equals(tail!);
  } finally {
    await source.close();
  }
}
