import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRun, RunRecorder, type KnownRun } from '@hemline/runs';
import { renderReport } from '../../src/write-report.ts';
import { readSource, type RunContext } from '../../src/source/read-source.ts';
import type { Evaluation } from '../../src/source/report-source.ts';

const context: RunContext = {
  quantityOf: () => 'demand',
  curvesOf: async () => null,
  championOf: async () => null,
  versionOf: async () => null,
  limitsOf: () => [],
  previous: async () => null,
  monitored: async () => null,
  frontiers: () => Promise.resolve([]),
};
/** Cutoff, seed, error, bias, rows. */
const FITS = [
  ['2026-02-02', 1, 0.5, 0.1, 100],
  ['2026-02-02', 2, 0.7, 0.3, 100],
  ['2026-01-05', 1, 0.4, -0.1, 80],
  ['2026-01-05', 2, 0.4, -0.3, 80],
] as const;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-backtests-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A run as `hemline backtest` records it. */
async function recorded(hasRows = true): Promise<KnownRun> {
  const directory = await mkdtemp(join(folder, 'run-'));
  const parameters = { model: 'demand-naive', horizon: '6', seed: '1,2' };
  const code = { version: '1', commit: null, dirty: null };
  const recorder = await RunRecorder.open(directory, {
    run: 'backtest-1',
    kind: 'backtest',
    code,
    parameters,
  });
  for (const [cutoff, seed, demandError, demandBias, rows] of FITS)
    await recorder.addMetrics(`${cutoff} #${seed}`, {
      ...{ demandError, demandBias, rmse: NaN },
      ...(hasRows ? { rows } : {}),
    });
  await recorder.addMetrics('backtest demand-naive', { demandError: 0.5, demandBias: 0 });
  await recorder.finish('succeeded');
  return (await readRun(directory))!;
}

/** A run as the workflow `backtest` leaves it, of the first seed. */
async function workflowRun(): Promise<KnownRun> {
  const directory = await mkdtemp(join(folder, 'run-'));
  const code = { version: '1', commit: null, dirty: null };
  const recorder = await RunRecorder.open(directory, {
    ...{ run: 'backtest-2', kind: 'backtest', code, parameters: { seed: '1', horizon: '26' } },
  });
  await recorder.finish('succeeded');
  for (const [cutoff, seed, demandError, demandBias, rows] of FITS) {
    if (seed !== 1) continue;
    const place = join(directory, 'demand-naive', cutoff, 'evaluate');
    await mkdir(place, { recursive: true });
    const metrics = { demandError, demandBias, rmse: null };
    await writeFile(join(place, 'metrics.json'), JSON.stringify({ cutoff, horizon: 6, rows, metrics }));
  }
  return (await readRun(directory))!;
}

async function evaluationOf(run: KnownRun): Promise<Evaluation | null> {
  return (await readSource(run, context)).models[0]!.evaluation;
}

describe('a backtest', () => {
  it('is the mean over its cutoffs, seeds averaged first, and has a segment for each', async () => {
    const evaluation = (await evaluationOf(await recorded()))!;
    expect(evaluation).toMatchObject({ cutoff: '2026-01-05', horizon: 6, rows: 180 });
    expect(evaluation.metrics['demandError']).toBeCloseTo((0.6 + 0.4) / 2);
    expect(evaluation.metrics['rmse']).toBeNull();
    expect(evaluation.backtest).toMatchObject({ cutoffs: ['2026-01-05', '2026-02-02'], seeds: 2 });
    expect(evaluation.backtest!.spread['demandError']).toBeCloseTo(Math.SQRT2 / 10);
    const bias = evaluation.segments.filter(({ metric }) => metric === 'demandBias');
    expect(bias.map(({ value, rows }) => [value, rows])).toEqual([
      ['2026-01-05', 80],
      ['2026-02-02', 100],
    ]);
    expect(bias.map(({ result }) => result)).toEqual([-0.2, 0.2]);
  });

  it('of the workflow is read from its evaluations', async () => {
    const evaluation = (await evaluationOf(await workflowRun()))!;
    expect(evaluation).toMatchObject({ horizon: 6, rows: 180, backtest: { seeds: 1 } });
    expect(evaluation.metrics).toEqual({ demandError: 0.45, demandBias: 0, rmse: null });
  });

  it('is told on the page with its spread', async () => {
    const page = await renderReport(await readSource(await recorded(), context));
    expect(page.replace(/\s+/g, ' ')).toContain(
      'Fitted anew at 2 cutoffs with 2 seeds, and scored on the 6 weeks after each.',
    );
    expect(page).toContain('0.5 ± 0.141');
    expect(page).toContain('Error by cutoff');
    expect(page).toContain('180 rows of demand-naive');
  });

  it('whose record does not say how many rows were scored has no scores', async () => {
    expect(await evaluationOf(await recorded(false))).toBeNull();
  });
});
