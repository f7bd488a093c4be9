import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Batch, float64Column, formatWeek } from '@hemline/core';
import { backtest } from '@hemline/evaluation';
import { EXIT_CODES } from '@hemline/sagemaker';
import { openDatasetFromChannels } from '../../src/datasets/open-dataset.ts';
import { writeParquetFile } from '@hemline/stores';
import type { BacktestScores } from '../../src/entrypoints/backtest-job.ts';
import {
  LAST_WEEK,
  fabricateProcessing,
  readJson,
  run,
  weeklyBatch,
  writeWeekly,
} from '../fixtures/fabricate-root.ts';
import { smoothing } from '../fixtures/smoothing-model.ts';

const CUTOFF = LAST_WEEK - 56;
const ARGUMENTS = ['--step', 'backtest', '--cutoff', formatWeek(CUTOFF), '--horizon', '8', '--seed', '3'];

let shared: string;
beforeAll(async () => {
  shared = await mkdtemp(join(tmpdir(), 'hemline-backtest-'));
});
afterAll(() => rm(shared, { recursive: true, force: true }));

async function rootWith(hosts = ['algo-1']): Promise<string> {
  const root = await mkdtemp(join(shared, 'root-'));
  fabricateProcessing(root, { inputs: { weekly: {} }, outputs: ['backtest'], hosts });
  await writeWeekly(join(root, 'processing', 'input', 'weekly'), ['DE', 'FR']);
  return root;
}

describe.concurrent('process --step backtest', () => {
  it('fits and scores as a backtest does, to the last digit', async ({ expect }) => {
    const root = await rootWith();
    const set = ['--set=preset=tiny', '--set=rate=0.3', '--set=label=a=b'];
    const { code, stdout, stderr } = await run('process.ts', root, [...ARGUMENTS, ...set], {
      HEMLINE_CODE_VERSION: 'b5f2c00',
    });
    expect(code, stderr).toBe(EXIT_CODES.ok);
    const scores = (await readJson(
      join(root, 'processing', 'output', 'backtest', 'scores.json'),
    )) as BacktestScores;
    const dataset = await openDatasetFromChannels({ weekly: join(root, 'processing', 'input', 'weekly') });
    const hyperparameters = { epochs: 2, rate: 0.3, label: 'a=b' };
    const options = { cutoffs: [CUTOFF], seeds: [3], horizon: 8, hyperparameters };
    const { cutoffs } = await backtest(smoothing, dataset.tables, options);
    expect(scores).toMatchObject({
      ...{
        schema: 1,
        model: 'smoothing',
        quantity: 'demand',
        cutoff: formatWeek(CUTOFF),
        seed: 3,
        horizon: 8,
      },
      ...{ hyperparameters, data: dataset.fingerprint, code: 'b5f2c00' },
      ...{ rows: cutoffs[0]!.rows, metrics: cutoffs[0]!.metrics },
    });
    expect(stdout).toContain(`hemline_metric demandError=${scores.metrics['demandError']};\n`);
    expect([scores.seconds >= 0, scores.peakBytes > 1e7]).toEqual([true, true]);
  });

  it.for([
    ['a cutoff that is not given', ARGUMENTS.toSpliced(2, 2), ['algo-1'], /needs a cutoff/],
    ['a name that the model does not know', [...ARGUMENTS, '--set=rte=1'], ['algo-1'], /did you mean rate/],
    ['a seed among the hyperparameters', [...ARGUMENTS, '--set=seed=1'], ['algo-1'], /--set: --seed says it/],
    ['a pair that is none', [...ARGUMENTS, '--set=rate'], ['algo-1'], /expected NAME=VALUE, found rate/],
    ['several hosts', ARGUMENTS, ['algo-1', 'algo-2'], /fitted on one host/],
  ] as const)('refuses %s, and leaves nothing', async ([, argv, hosts, message], { expect }) => {
    const root = await rootWith([...hosts]);
    expect((await run('process.ts', root, argv)).code).toBe(EXIT_CODES.input);
    expect(await readFile(join(root, 'output', 'message'), 'utf8')).toMatch(message);
    expect(await readdir(join(root, 'processing', 'output')).catch(() => [])).toEqual([]);
  });
});

it('a metric that has no value is told as such', async () => {
  const root = await rootWith();
  const weekly = join(root, 'processing', 'input', 'weekly');
  const batch = weeklyBatch('DE', ['DE-1']);
  // Nothing was sold at all: there is nothing to divide by.
  const demand = float64Column(new Float64Array(batch.length));
  const columns = Object.fromEntries(batch.columns);
  await rm(weekly, { recursive: true });
  await writeParquetFile(join(weekly, 'part-0.parquet'), [new Batch({ ...columns, demand })]);
  const { code, stderr } = await run('process.ts', root, ARGUMENTS);
  expect(code, stderr).toBe(EXIT_CODES.ok);
  const text = await readFile(join(root, 'processing', 'output', 'backtest', 'scores.json'), 'utf8');
  expect(text).toMatch(/"demandError": "NaN"/);
});
