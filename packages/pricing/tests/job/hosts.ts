import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { optimiseRoot, type ForecastRun } from './forecast-run.ts';

const PROGRAM = fileURLToPath(new URL('../../src/optimise.ts', import.meta.url));

/** A host of a job that prices, as a process. */
export interface HostProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  /** What it has written to standard error. */
  told(): string;
}

/** Names of so many hosts. */
export const hostNames = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `algo-${i + 1}`);

/** Starts one host of a job. */
export function startHost(
  folder: string,
  run: ForecastRun,
  argv: readonly string[],
  hosts: { readonly current: string; readonly all: readonly string[] },
  environment: Readonly<Record<string, string>> = {},
): HostProcess {
  let text = '';
  const root = join(folder, `root-${hosts.current}-of-${hosts.all.length}`);
  const child = spawn(process.execPath, [PROGRAM, '--forecasts', run.forecasts, ...argv], {
    env: { ...process.env, ...optimiseRoot(root, run, hosts), ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr!.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { child, told: () => text, ended: new Promise((resolve) => child.on('close', resolve)) };
}
