import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Where data and environments that benchmarks make for themselves are kept; not part of the repository. */
export const CACHE = join(import.meta.dirname, '../../../../.hemline/benchmarks');

/**
 * A file or folder of the cache, made once: under its name only when it is whole.
 * @param name in the cache
 * @param make makes it at a temporary path
 * @returns its path
 */
export async function cached(name: string, make: (path: string) => Promise<void>): Promise<string> {
  const path = join(CACHE, name);
  if ((await stat(path).catch(() => null)) !== null) return path;
  await mkdir(CACHE, { recursive: true });
  const temporary = join(CACHE, `.${process.pid}-${name}`);
  try {
    await make(temporary);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return path;
}
