import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ConflictError } from '@hemline/core';
import { createFile } from './durable-file.ts';

/** Who holds a lock. */
interface Owner {
  readonly host: string;
  readonly pid: number;
  /** When the process began, by the kernel's clock: numbers of processes are used again. */
  readonly began: string | null;
}

/**
 * A lock that a process holds as long as it lives: one that was killed leaves its lock behind, and the next one takes it over.
 * Every holder writes a file of the next number, which only one can; the highest number holds.
 */
export class RunLock {
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
  }

  /**
   * Takes the lock.
   * @param folder of the lock
   * @param what it is of, for the message
   * @returns the lock, to be released
   * @throws ConflictError when a living process has it
   */
  static async take(folder: string, what: string): Promise<RunLock> {
    await mkdir(folder, { recursive: true });
    for (;;) {
      const numbers = readdirSync(folder)
        .filter((name) => /^lock-\d+$/.test(name))
        .map((name) => Number(name.slice(5)));
      const highest = Math.max(0, ...numbers);
      const holder = highest === 0 ? null : readOwner(join(folder, `lock-${highest}`));
      if (holder !== null && isAlive(holder))
        throw new ConflictError(`${what} is under way`, {
          expected: 'no other process at it',
          found: `process ${holder.pid} on ${holder.host}`,
          where: { file: folder },
          remedy: 'Wait for it to end, or stop it.',
        });
      const file = join(folder, `lock-${highest + 1}`);
      const me: Owner = { host: hostname(), pid: process.pid, began: beginOf(process.pid) };
      try {
        await createFile(file, JSON.stringify(me));
      } catch (error) {
        // Another one took it over at this moment: look who.
        if (error instanceof ConflictError) continue;
        throw error;
      }
      for (const number of numbers) await rm(join(folder, `lock-${number}`), { force: true });
      return new RunLock(file);
    }
  }

  /** Gives it back. */
  async release(): Promise<void> {
    await rm(this.#file, { force: true });
  }
}

function readOwner(file: string): Owner | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Owner;
  } catch {
    // Released at this moment.
    return null;
  }
}

function isAlive({ host, pid, began }: Owner): boolean {
  // Whether a process of another machine lives cannot be seen from here: it counts as alive.
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return began === null || began === beginOf(pid);
}

/** Field 22 of /proc/<pid>/stat; the name before it may hold spaces and brackets. */
function beginOf(pid: number): string | null {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return null;
  try {
    const text = readFileSync(file, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
