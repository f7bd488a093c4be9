import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { tableFiles } from '@hemline/runtime';
import { isS3, openStore } from '@hemline/stores';

/** So many folders above a file are looked at: tables with a log keep data in folders of partitions, or in one below their own. */
const LEVELS = 4;

/**
 * Of files that belong to tables with a transaction log, those that are valid: all others were replaced or deleted, and their rows
 * would be there twice.
 * @param paths of files, in folders or S3
 * @returns those to read, and the others
 * @throws UnsupportedError for tables whose log is not read
 */
export async function validFiles(
  paths: readonly string[],
): Promise<{ readonly valid: readonly string[]; readonly replaced: readonly string[] }> {
  const tables = new Map<string, Promise<ReadonlySet<string> | null>>();
  const tableOf = (folder: string): Promise<ReadonlySet<string> | null> => {
    const known = tables.get(folder) ?? validIn(folder);
    tables.set(folder, known);
    return known;
  };
  const [valid, replaced]: [string[], string[]] = [[], []];
  for (const path of paths) {
    let files: ReadonlySet<string> | null = null;
    for (const folder of foldersAbove(path)) files ??= await tableOf(folder);
    (files === null || files.has(path) ? valid : replaced).push(path);
  }
  return { valid, replaced };
}

/** Folders that a table may lie in. */
function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  let folder = dirname(path);
  while (folders.length < LEVELS && dirname(folder) !== folder && !/^s3:\/?$/.test(folder)) {
    // A folder of a partition is none.
    if (!/=[^/]*$/.test(folder)) folders.push(folder);
    folder = dirname(folder);
  }
  return folders;
}

/** Paths of the files that the log of a table names; null where the folder has no log. */
async function validIn(folder: string): Promise<ReadonlySet<string> | null> {
  if (!(await hasLog(folder))) return null;
  return new Set((await tableFiles(folder)).files.map(({ path }) => path));
}

async function hasLog(folder: string): Promise<boolean> {
  for (const log of ['_delta_log', '.hoodie', 'metadata']) {
    const names = isS3(folder) ? keysBelow(folder, log) : namesIn(`${folder}/${log}`);
    for await (const name of names) if (log !== 'metadata' || name.endsWith('.metadata.json')) return true;
  }
  return false;
}

async function* namesIn(folder: string): AsyncGenerator<string> {
  yield* await readdir(folder).catch(() => []);
}

async function* keysBelow(url: string, prefix: string): AsyncGenerator<string> {
  for await (const { key } of (await openStore(url)).list(prefix)) yield key;
}
