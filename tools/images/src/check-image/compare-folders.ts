import { readFile, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** How two folders differ. */
export interface Differences {
  readonly onlyFirst: readonly string[];
  readonly onlySecond: readonly string[];
  /** Files that both have, with other bytes. */
  readonly altered: readonly string[];
  /** Files that were compared. */
  readonly files: number;
}

/**
 * Compares two folders byte by byte: same data, same seed, same code version and same run must give the same files.
 * @param first a folder
 * @param second another one
 * @returns how they differ; names are relative to the folders
 */
export async function compareFolders(first: string, second: string): Promise<Differences> {
  const [names, others] = [await filesBelow(first), await filesBelow(second)];
  const common = names.filter((name) => others.includes(name));
  const altered: string[] = [];
  for (const name of common)
    if (!(await readFile(join(first, name))).equals(await readFile(join(second, name)))) altered.push(name);
  return {
    onlyFirst: names.filter((name) => !others.includes(name)),
    onlySecond: others.filter((name) => !names.includes(name)),
    altered,
    files: common.length,
  };
}

/**
 * @param differences of two folders
 * @returns whether there are none, over at least one file
 */
export function isSame({ onlyFirst, onlySecond, altered, files }: Differences): boolean {
  return files > 0 && onlyFirst.length + onlySecond.length + altered.length === 0;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).split(sep).join('/'))
    .sort();
}
