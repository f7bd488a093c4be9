import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseWeek } from '@hemline/core';
import { backtest } from '@hemline/evaluation';
import { openDataset } from '@hemline/runtime';
import { readRun } from '@hemline/runs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentOutcome } from '@hemline/experiments';
import { loadModel } from '@hemline/hemline';
import { command, type Ended } from './command.ts';

const script = fileURLToPath(new URL('../bin/hemline.mjs', import.meta.url));
const CUTOFFS = ['2023-01-16', '2023-02-27'];
const HORIZON = 6;
const FITS = 12 * CUTOFFS.length;

/** Twelve variants of a model of averages. */
const experiment = {
  name: 'naive-methods',
  variants: [
    { model: 'demand-naive', hyperparameters: { method: 'mean', window: [1, 2, 3, 4, 6, 8, 12, 16, 26] } },
    { model: 'demand-naive', hyperparameters: { method: 'seasonal', season: [26, 52] } },
    { model: 'demand-naive' },
  ],
  cutoffs: CUTOFFS,
  horizon: HORIZON,
};

type Printed = ExperimentOutcome & { readonly computed: number; readonly reused: number };

let folder: string;
let units: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-experiment-'));
  units = join(folder, '.hemline/experiments/naive-methods/units');
  await writeFile(join(folder, 'methods.json'), JSON.stringify(experiment));
  const { code, stderr } = await command(
    folder,
    'simulate --articles 12 --markets 2 --weeks 80 --out market'.split(' '),
  );
  expect(code, stderr).toBe(0);
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(...args: string[]): Promise<Ended> {
  return command(folder, ['experiment', ...args]);
}

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [script, 'experiment', ...args], { cwd: folder, stdio: 'ignore' });
}

const DATA = ['--data', 'market/observed'];

/** Results that are kept: name of the file, and when it was written. */
async function kept(): Promise<Map<string, number>> {
  const names = existsSync(units)
    ? (await readdir(units)).filter((name) => /^[0-9a-f]+\.json$/.test(name))
    : [];
  return new Map(
    await Promise.all(names.map(async (name) => [name, (await stat(join(units, name))).mtimeMs] as const)),
  );
}

describe('an experiment of twelve variants', () => {
  let before: Map<string, number>;
  let resumed: Printed;

  it('killed midway goes on without fitting anything twice', async () => {
    const child = start('methods.json', ...DATA, '--parallel', '2');
    while ((await kept()).size < 8) {
      expect(child.exitCode, 'it ended before it could be killed').toBeNull();
      await setTimeout(5);
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    before = await kept();
    expect(before.size).toBeLessThan(FITS);
    const { code, stdout, stderr } = await run('methods.json', ...DATA, '--parallel', '2', '--json');
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('going on with experiment naive-methods');
    resumed = JSON.parse(stdout) as Printed;
    expect([resumed.reused, resumed.computed]).toEqual([before.size, FITS - before.size]);
    const after = await kept();
    expect(after.size).toBe(FITS);
    for (const [name, at] of before) expect(after.get(name)).toBe(at);
  }, 60_000);

  it('ranks as the single backtests do', async () => {
    const model = await loadModel('demand-naive');
    const { tables } = await openDataset(join(folder, 'market/observed'));
    const single = await Promise.all(
      resumed.variants.map(async ({ name, hyperparameters }) => {
        const options = { cutoffs: CUTOFFS.map(parseWeek), horizon: HORIZON, hyperparameters };
        const { mean, spread } = await backtest(model, tables, options);
        return { name, mean, spread };
      }),
    );
    single.sort((a, b) => a.mean['demandError']! - b.mean['demandError']!);
    // Equals keep their order, which the sort of the experiment has too.
    const errors = resumed.variants.map(({ mean }) => mean!['demandError']);
    expect(errors).toEqual(single.map(({ mean }) => mean['demandError']));
    expect(resumed.variants.map(({ rank }) => rank)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    for (const { name, mean, spread } of resumed.variants)
      expect({ name, mean, spread }).toEqual(single.find((each) => each.name === name));
  }, 60_000);

  it('leaves the record of a backtest for each variant, and one that names them', async () => {
    const runs = join(folder, '.hemline/runs');
    const attempts: number[] = [];
    for (const { run, mean, name } of resumed.variants) {
      const { record } = (await readRun(join(runs, run)))!;
      expect(record).toMatchObject({ kind: 'backtest', state: 'succeeded' });
      expect(record.parameters).toMatchObject({
        model: 'demand-naive',
        cutoff: CUTOFFS.join(),
        horizon: '6',
      });
      const measured = record.metrics.find(
        (metric) => metric.step === 'backtest demand-naive' && metric.name === 'demandError',
      );
      expect(measured!.value, name).toBe(mean!['demandError']);
      expect(record.steps.map(({ state }) => state === 'finished' || state === 'skipped')).toEqual(
        CUTOFFS.map(() => true),
      );
      attempts.push(...record.steps.map((each) => each.attempts));
    }
    // Only fits that the kill cut short were begun twice: one in each of the two processes.
    expect(attempts.filter((count) => count > 1).length).toBeLessThanOrEqual(2);
    const { record } = (await readRun(join(runs, resumed.run)))!;
    expect(record).toMatchObject({ kind: 'experiment', state: 'succeeded', resumed: 1 });
    for (const { name, run } of resumed.variants)
      expect(record.outputs.find((output) => output.name === name)!.url).toContain(run);
  });

  it('that has ended is told again, and what has changed is said', async () => {
    const again = await run('methods.json', ...DATA, '--json');
    expect(JSON.parse(again.stdout)).toEqual({ ...resumed, computed: 0, reused: FITS });
    const seasons = { model: 'demand-naive', hyperparameters: { method: 'seasonal', season: 40 } };
    const wider = { ...experiment, variants: [...experiment.variants, seasons] };
    await writeFile(join(folder, 'wider.json'), JSON.stringify(wider));
    const changed = await run('wider.json', ...DATA, '--json');
    expect(changed.stderr).toContain('variants changed: fits that are the same are kept');
    const { reused, computed, variants } = JSON.parse(changed.stdout) as Printed;
    expect([reused, computed, variants.length]).toEqual([FITS, CUTOFFS.length, 13]);
  }, 60_000);

  it('is not promoted where nothing is better beyond noise', async () => {
    const { code, stderr } = await run('promote', 'naive-methods');
    expect([code, stderr]).toEqual([
      65,
      expect.stringMatching(
        /is not better than the champion beyond noise.*--anyway promotes it all the same/s,
      ),
    ]);
  });
});

describe('what goes wrong', () => {
  it.skipIf(!existsSync('/proc/self/task'))(
    'a fit whose process dies fails its variant alone',
    async () => {
      const name = 'dying';
      const file = join(folder, 'dying.json');
      const variants = [{ model: 'demand-naive', hyperparameters: { method: ['last', 'mean', 'seasonal'] } }];
      await writeFile(file, JSON.stringify({ name, variants, cutoffs: CUTOFFS, horizon: HORIZON }));
      const child = start(file, ...DATA, '--parallel', '1');
      const ended = once(child, 'exit');
      let fit: number | undefined;
      while (fit === undefined) {
        expect(child.exitCode).toBeNull();
        fit = childrenOf(child.pid!).find((pid) => commandOf(pid).includes('unit-process'));
        await setTimeout(5);
      }
      process.kill(fit, 'SIGKILL');
      expect((await ended)[0]).toBe(4);
      const result = await readFile(join(folder, '.hemline/experiments/dying/result.json'), 'utf8');
      const { variants: after } = JSON.parse(result) as ExperimentOutcome;
      expect(after.map(({ status }) => status)).toEqual(['finished', 'finished', 'failed']);
      expect(after[2]!.reason).toMatch(/the process of a fit died; found SIGKILL/);
    },
    60_000,
  );
});

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
