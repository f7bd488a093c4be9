import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ConflictError, systemError } from '@hemline/core';

/** Files that are being written: hidden, and named so that they can be told from everything else. */
const TEMPORARY = /^\..+\.[0-9a-f]{12}\.tmp$/;

/** A writer that takes longer than this over a small document has been killed. */
const ABANDONED_MS = 3_600_000;

/**
 * Writes a file where there is none: whole, on disk, and under its name at one instant. Of several writers, in this process
 * or in others, one wins.
 * @param path of the file; its folder is made
 * @param content of the file
 * @throws ConflictError when there is a file of this name already
 * @throws StoreError when the disk is full, ConfigurationError when it may not be written
 */
export async function createFile(path: string, content: string): Promise<void> {
  await written(path, content, async (temporary) => {
    // A link, unlike a rename, never takes the place of what is there.
    await link(temporary, path);
    await rm(temporary, { force: true });
  });
}

/**
 * Writes a file, in place of the one that may be there: a reader sees the old one or the new one, both whole.
 * @param path of the file; its folder is made
 * @param content of the file
 * @throws StoreError when the disk is full, ConfigurationError when it may not be written
 */
export async function replaceFile(path: string, content: string): Promise<void> {
  await written(path, content, (temporary) => rename(temporary, path));
}

/**
 * Removes what writers left in a folder that were killed long ago.
 * @param folder whose hidden files are looked at
 */
export async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!TEMPORARY.test(name)) continue;
    const path = join(folder, name);
    const modified = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Infinity,
    );
    if (Date.now() - modified > ABANDONED_MS) await rm(path, { force: true });
  }
}

async function written(
  path: string,
  content: string,
  commit: (temporary: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await commit(temporary);
    await syncFolder(folder);
  } catch (cause) {
    // What refused the file may refuse this as well.
    await rm(temporary, { force: true }).catch(() => undefined);
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST')
      throw new ConflictError('the file is there already', {
        expected: 'no file of this name',
        where: { file: path },
        remedy: 'Another writer was first: use what it wrote.',
        cause,
      });
    throw systemError(cause as NodeJS.ErrnoException, path, 'written');
  }
}

/** A new name is durable when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  // Folders cannot be opened everywhere; where they can, a failure to sync is one.
  const handle = await open(folder, 'r').catch(() => null);
  if (handle === null) return;
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
