import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ConfigurationError, HemlineError, StoreError } from '@hemline/core';

/**
 * Fills a folder that appears under its name only when it is complete; on any error nothing is left behind.
 * @param out the folder: new or empty
 * @param fill writes into the folder it is given
 * @returns what `fill` returned
 * @throws ConfigurationError when something is there already
 * @throws StoreError when the disk does not take it
 */
export async function stagedFolder<T>(out: string, fill: (folder: string) => Promise<T>): Promise<T> {
  const target = resolve(out);
  try {
    await checkFree(target);
    await mkdir(dirname(target), { recursive: true });
    // Beside the target, because a folder can only be renamed within a file system.
    const staging = join(dirname(target), `.${basename(target)}.importing-${randomUUID().slice(0, 8)}`);
    // Not by mkdtemp, whose folders are their owner's alone: others read a dataset too.
    await mkdir(staging);
    try {
      const result = await fill(staging);
      await rmdir(target).catch(ignoreMissing);
      await rename(staging, target);
      return result;
    } catch (error) {
      await rm(staging, { recursive: true, force: true });
      throw error;
    }
  } catch (cause) {
    if (cause instanceof HemlineError || (cause as NodeJS.ErrnoException).code === undefined) throw cause;
    throw new StoreError('the dataset cannot be written', {
      found: (cause as Error).message,
      where: { file: target },
      remedy: 'Check the free space and the permissions.',
      cause,
    });
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
