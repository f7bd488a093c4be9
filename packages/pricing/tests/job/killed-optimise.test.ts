import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { verifyManifest } from '@hemline/stores';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runOptimise } from '../../src/job/optimise-job.ts';
import { contentsOf, forecastRun, optimiseRoot, quietJob, type ForecastRun } from './forecast-run.ts';

const PROGRAM = fileURLToPath(new URL('../../src/optimise.ts', import.meta.url));

/** Moments at which a start is killed, by the file that has just appeared; HEMLINE_KILLS=20 adds as many at random. */
const MOMENTS = ['_inputs.json', 'recommendations-', 'manifest.json'];
const KILLS = Number(process.env['HEMLINE_KILLS'] ?? 0);

let folder: string;
let run: ForecastRun;
let environment: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-killed-optimise-'));
  run = await forecastRun(folder, 40);
  environment = optimiseRoot(join(folder, 'root'), run);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(argv: readonly string[]): {
  child: ChildProcess;
  ended: Promise<number | null>;
  told(): string;
} {
  let text = '';
  const child = spawn(process.execPath, [PROGRAM, ...argv], {
    ...{ env: { ...process.env, ...environment }, stdio: ['ignore', 'ignore', 'pipe'] },
  });
  child.stderr!.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { child, told: () => text, ended: new Promise((resolve) => child.on('close', resolve)) };
}

it(
  'ends with the recommendations of an undisturbed start, whenever it is killed',
  async () => {
    const [undisturbed, killed] = [join(folder, 'undisturbed'), join(folder, 'killed')];
    const argv = (output: string) => ['--forecasts', run.forecasts, '--output', output];
    const began = performance.now();
    await runOptimise(argv(undisturbed), quietJob(environment));
    const long = 2 * (performance.now() - began) + 500;
    const appeared = (name: string): boolean =>
      existsSync(killed) && readdirSync(killed).some((each) => each.startsWith(name));
    for (const moment of MOMENTS) {
      const { child, ended, told } = start(argv(killed));
      let code: number | null | undefined;
      void ended.then((end) => (code = end));
      while (!appeared(moment) && code === undefined) await pause(1);
      child.kill('SIGKILL');
      await ended;
      expect(appeared(moment), `${moment}: ${told()}`).toBe(true);
    }
    for (let kill = 0; kill < KILLS; kill++) {
      // From the beginning: what is there at the end of a start is nothing to be killed at.
      if (kill % 4 === 0) rmSync(killed, { recursive: true, force: true });
      const { child, ended } = start(argv(killed));
      await pause((long * (kill + 1)) / KILLS);
      child.kill('SIGKILL');
      await ended;
    }
    const last = start(argv(killed));
    expect(await last.ended, last.told()).toBe(0);
    expect(contentsOf(killed)).toEqual(contentsOf(undisturbed));
    await verifyManifest(killed);
  },
  // Four starts of a process: a minute on a busy machine.
  240_000 + KILLS * 10_000,
);
