import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Names of files that are being written: hidden, so that no reader of folders takes them for data. */
export const UNFINISHED = /(^|\/)\.[^/]+\.tmp$/;

/** What such a name has after the file's own: who writes it, perhaps, and a draw. */
const ENDING = /^\.(?:([0-9a-f]{8})-(\d+)-(\d+)\.)?[0-9a-f]{12}\.tmp$/;

/**
 * Age at which what is unfinished is taken to be abandoned where nobody can tell whether its writer lives, such as on another machine: no
 * partition takes a day to write.
 */
export const ABANDONED_MS = 24 * 3_600_000;

/** Host, process, and when it began: numbers of processes are used again. */
interface Writer {
  readonly host: string;
  readonly pid: number;
  readonly began: string;
}

const me: Writer = { host: hostDigest(), pid: process.pid, began: beganAt(process.pid) ?? '0' };

/**
 * @param name of a file, without its folder
 * @returns name under which this process writes it until it is whole
 */
export function unfinishedName(name: string): string {
  const { host, pid, began } = me;
  return `.${name}.${host}-${pid}-${began}.${randomBytes(6).toString('hex')}.tmp`;
}

/**
 * @param unfinished name without its folder
 * @param name of a file
 * @returns whether it is one of that file
 */
export function isUnfinishedOf(unfinished: string, name: string): boolean {
  return unfinished.startsWith(`.${name}.`) && ENDING.test(unfinished.slice(name.length + 1));
}

/**
 * Whether nobody writes a file any more. A process of this machine is asked for; of others nothing is known but how long ago they wrote.
 * @param unfinished name without its folder
 * @param age milliseconds since it was last written to
 * @param limit age from which it is abandoned where its writer cannot be told
 * @returns false as long as its writer may live
 */
export function isAbandoned(unfinished: string, age: number, limit: number): boolean {
  const [, host, pid, began] = /\.([0-9a-f]{8})-(\d+)-(\d+)\.[0-9a-f]{12}\.tmp$/.exec(unfinished) ?? [];
  if (host !== me.host) return age >= limit;
  return isGone(Number(pid), began!);
}

function isGone(pid: number, began: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Another user's process may not be signalled, but is there.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  const now = beganAt(pid);
  return began !== '0' && now !== null && now !== began;
}

/** Field 22 of `/proc/<pid>/stat`; the second field is a name that may hold anything. Null on other systems. */
function beganAt(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A killed process whose parent has not noticed.
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? null);
  } catch {
    return null;
  }
}

function hostDigest(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
}
