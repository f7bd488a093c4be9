import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { RunProcess } from './run-event.ts';

/**
 * This process, for the record.
 * @returns host, number, start
 */
export function thisProcess(): RunProcess {
  return {
    host: hostname(),
    pid: process.pid,
    started: startOf(process.pid),
    node: process.versions.node,
  };
}

/**
 * Whether a process is known to be gone.
 * @param writer as it was recorded
 * @returns true when it ran on this host and is there no more; false for other hosts, of which nothing is known
 */
export function isGone({ host, pid, started }: RunProcess): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Another user's process may not be signalled, but is there.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  const now = startOf(pid);
  return started !== null && now !== null && now !== started;
}

/** Field 22 of `/proc/<pid>/stat`; the second field is a name that may hold anything. Null on other systems. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A killed process whose parent has not noticed.
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? null);
  } catch {
    return null;
  }
}
