import { readFileSync } from 'node:fs';

/**
 * Most resident memory of this process so far, its threads included. A child's `maxRSS` begins at what its parent has, since it is
 * taken over when the process is made: Linux tells its own.
 * @returns bytes
 */
export function peakMemoryBytes(): number {
  try {
    const [, kibibytes] = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))!;
    return Number(kibibytes) * 1024;
  } catch {
    // Not Linux.
    return process.resourceUsage().maxRSS * 1024;
  }
}
