import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Puts the files of a folder below another, each whole: the last one that is written there wins, as in S3.
 * @param from folder that goes
 * @param to folder that may be there
 */
export function moveFolder(from: string, to: string): void {
  if (!existsSync(to)) {
    mkdirSync(dirname(to), { recursive: true });
    move(from, to);
    return;
  }
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) moveFolder(source, target);
    else move(source, target);
  }
}

/** From one file system to another by a copy under a name that nobody reads. */
function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    const aside = join(dirname(to), `.${basename(to)}.${process.pid}`);
    cpSync(from, aside, { recursive: true });
    renameSync(aside, to);
    rmSync(from, { recursive: true });
  }
}
