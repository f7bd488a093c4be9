import { constants } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Copies a file, or a folder with everything below it; links become what they lead to. Costs no space where the file system
 * can share it.
 * @param from file or folder
 * @param to its copy
 */
export async function copyFiles(from: string, to: string): Promise<void> {
  const entries = await readdir(from, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTDIR') return null;
    throw error;
  });
  if (entries === null) {
    await mkdir(dirname(to), { recursive: true });
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    return;
  }
  for (const { name } of entries) await copyFiles(join(from, name), join(to, name));
}
