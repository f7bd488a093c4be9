import { readFileSync } from 'node:fs';

/**
 * Prints the measurement, the last thing that a contestant does.
 * @param seconds of the measured work
 * @param check the same for all contestants
 * @param more size of the file
 */
export function printSample(seconds: number, check: string, more: object = {}): void {
  process.stdout.write(`${JSON.stringify({ seconds, peakBytes: peakBytes(), check, ...more })}\n`);
}

/**
 * Measures work that was done once before: compilers and caches are warm.
 * @param work to be measured
 * @returns seconds of the second run, and what it returned
 */
export async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; result: T }> {
  await work();
  const start = performance.now();
  const result = await work();
  return { seconds: (performance.now() - start) / 1000, result };
}

/** Greatest resident memory so far. */
function peakBytes(): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
