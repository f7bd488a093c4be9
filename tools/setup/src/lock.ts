import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How to wait for a lock. */
export interface LockOptions {
  /** Called once when another process holds it, with that process's id. */
  readonly onWait?: (holder: number) => void;
  readonly pollMilliseconds?: number;
}

/**
 * Runs `work` while this process alone holds `path`. A lock left by a process that is gone is taken over.
 * @param path of the lock file, made and removed here
 * @param work what to do
 * @param options how to wait
 * @returns what `work` returns
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  let told = false;
  while (!(await take(path))) {
    const holder = await holderOf(path);
    if (holder !== null && !isAlive(holder)) {
      await takeAway(path, holder);
      continue;
    }
    if (!told && holder !== null) {
      options.onWait?.(holder);
      told = true;
    }
    await sleep(options.pollMilliseconds ?? 200);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Null while the holder has not written its id yet, or has just let go. */
async function holderOf(path: string): Promise<number | null> {
  try {
    const id = Number.parseInt(await readFile(path, 'utf8'), 10);
    return Number.isNaN(id) ? null : id;
  } catch {
    return null;
  }
}

/** Of several processes that wait for a dead one, one alone removes its lock: the one that makes the marker. */
async function takeAway(path: string, dead: number): Promise<void> {
  const marker = `${path}.${dead}`;
  if (!(await take(marker))) {
    const remover = await holderOf(marker);
    if (remover !== null && !isAlive(remover)) await rm(marker, { force: true });
    await sleep(50);
    return;
  }
  try {
    if ((await holderOf(path)) === dead) await rm(path, { force: true });
  } finally {
    await rm(marker, { force: true });
  }
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
