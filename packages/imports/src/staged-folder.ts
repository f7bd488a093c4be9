import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ConfigurationError } from '@hemline/core';

/**
 * Fills a folder that appears under its name only when it is complete; on any error nothing is left behind.
 * @param out the folder: new or empty
 * @param fill writes into the folder it is given; a second one is for what is not kept
 * @returns what `fill` returned
 * @throws ConfigurationError when something is there already
 */
export async function stagedFolder<T>(
  out: string,
  fill: (folder: string, scratch: string) => Promise<T>,
): Promise<T> {
  const target = resolve(out);
  await checkFree(target);
  await mkdir(dirname(target), { recursive: true });
  // Beside the target, because a folder can only be renamed within a file system.
  const aside = join(dirname(target), `.${basename(target)}.importing-${randomUUID().slice(0, 8)}`);
  try {
    const [folder, scratch] = [join(aside, 'dataset'), join(aside, 'scratch')];
    await mkdir(folder, { recursive: true });
    await mkdir(scratch);
    const result = await fill(folder, scratch);
    await rmdir(target).catch(ignoreMissing);
    await rename(folder, target);
    return result;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function checkFree(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    if (error.code === 'ENOTDIR') return [basename(folder)];
    throw error;
  });
  if (entries.length === 0) return;
  throw new ConfigurationError('there is something at the place to write to', {
    expected: 'a folder that is new or empty',
    found: entries.slice(0, 3).join(', '),
    where: { file: folder },
    remedy: 'Choose another folder, or remove this one.',
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
