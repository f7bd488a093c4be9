import { join } from 'node:path';
import { runChild } from '../harness/run-child.ts';

const MAIN = join(import.meta.dirname, '../../../../packages/cli/src/main.ts');

/**
 * Runs `hemline`, as a user would.
 * @param args of the command line, without `--json`
 * @param home where it keeps runs and models
 * @returns the document that it prints, and seconds
 */
export async function hemline<T>(
  args: readonly string[],
  home: string,
): Promise<{ readonly result: T; readonly seconds: number }> {
  const began = performance.now();
  const output = await runChild({
    file: process.execPath,
    args: [MAIN, ...args, '--json'],
    environment: { HEMLINE_HOME: home },
  });
  return { result: JSON.parse(output) as T, seconds: (performance.now() - began) / 1000 };
}
