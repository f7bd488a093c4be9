import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Batch, float64Column } from '@hemline/core';
import { simulateMarket } from '@hemline/market-simulator';
import { verifyManifest, writeParquetFile } from '@hemline/stores';
import { listRuns, openRegistry, runRecordSchema, type RunComparison, type RunRecord } from '@hemline/runs';
import { traceFile } from '@hemline/hemline';
import { command, type Ended } from './command.ts';

let folder: string;
let data: string;
const hemline = (...args: string[]): Promise<Ended> => command(folder, args, { TZ: 'Asia/Tokyo' });
const record = async (run: string): Promise<RunRecord> =>
  runRecordSchema.parse(
    JSON.parse(await readFile(join(folder, '.hemline/runs', run, 'record.json'), 'utf8')) as unknown,
  );
async function succeed<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await hemline(...args, '--json');
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as T;
}

interface Trained {
  readonly run: string;
  readonly directory: string;
  readonly cutoff: string;
  readonly data: string;
}
let first: Trained;
let second: Trained;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-cli-runs-'));
  const out = join(folder, 'market');
  data = (await simulateMarket({ articles: 12, markets: 2, weeks: 80, seed: 1, out })).observed;
  await writeFile(join(folder, 'prices.json'), '{"currency": "EUR", "perHour": {"local": 0.5}}');
  const train = ['train', 'demand-naive', '--data', data, '--set', 'method=mean'];
  process.env['HEMLINE_PRICES'] = join(folder, 'prices.json');
  first = await succeed(...train, '--set', 'window=4', '--cutoff', '2023-02-06');
  second = await succeed(...train, '--set', 'window=8', '--cutoff', '2023-02-06');
}, 120_000);
afterAll(async () => {
  delete process.env['HEMLINE_PRICES'];
  await rm(folder, { recursive: true, force: true });
});

describe('records of runs', { timeout: 120_000 }, () => {
  it('say what a training was made from, and what it left', async () => {
    const trained = await record(first.run);
    expect(trained).toMatchObject({
      run: first.run,
      kind: 'train',
      state: 'succeeded',
      parameters: { model: 'demand-naive', cutoff: '2023-02-06', seed: '1', 'set.window': '4' },
      inputs: [
        { fingerprint: first.data, url: expect.stringMatching(/^file:.*market\/observed$/) as string },
      ],
      versions: [{ model: 'demand-naive', role: 'trained', trainedBy: first.run }],
      steps: [{ step: 'train demand-naive', state: 'finished', attempts: 1 }],
      cost: { currency: 'EUR', unpriced: [] },
      problems: [],
    });
    expect(trained.command.slice(0, 3)).toEqual(['hemline', 'train', 'demand-naive']);
    expect(trained.cost!.amount).toBeCloseTo((trained.steps[0]!.seconds! / 3600) * 0.5);
  });

  it('are listed, shown and compared', async () => {
    const { runs } = await succeed<{ runs: RunRecord[] }>('runs', 'list', '--kind', 'train');
    expect(runs.map(({ run }) => run)).toEqual([second.run, first.run]);
    const shown = await hemline('runs', 'show');
    expect(shown.stdout).toMatch(
      /set\.window[^\n]*8[^]*Models[^]*Steps[^]*train demand-naive[^\n]*finished[^]*Inputs/,
    );
    const compared = await succeed<RunComparison>('runs', 'compare', first.run, second.run);
    expect(compared.facts).toContainEqual({ of: 'parameter set.window', first: '4', second: '8' });
    expect(compared.facts.map(({ of }) => of)).not.toContain('parameter set.method');
    expect(compared.seconds[0]).toMatchObject({
      of: 'train demand-naive',
      first: expect.any(Number) as number,
    });
  });

  it('tell the memory of a step, and are followed to their end, which is that of the command', async () => {
    const { steps } = await record(first.run);
    expect(steps[0]!.peakMemoryBytes).toBeGreaterThan(30 * 2 ** 20);
    const tail = await hemline('runs', 'tail', first.run);
    expect(tail.code).toBe(0);
    expect(tail.stdout).toMatch(
      /run train-[^]*train demand-naive: started[^]*MiB of memory at most[^]*finished[^]*ended: succeeded\n.*has succeeded\n$/,
    );
    const bad = await hemline('train', 'demand-naive', '--data', data, '--set', 'window=-1');
    expect(bad.code).toBe(65);
    const ended = await hemline('runs', 'tail', '--json');
    expect(ended.code).toBe(4);
    const told = ended.stdout.trim().split('\n');
    expect(told.map((line) => (JSON.parse(line) as { type: string }).type).at(-1)).toBe('finished');
  });

  it('are left by backtests and evaluations, with their scores', async () => {
    const args = ['--data', data, '--cutoff', '2023-02-06', '--horizon', '4'];
    const backtest = await succeed<{ run: string; mean: Record<string, number> }>(
      'backtest',
      'demand-naive',
      ...args,
    );
    const tested = await record(backtest.run);
    expect(tested).toMatchObject({ kind: 'backtest', state: 'succeeded', parameters: { horizon: '4' } });
    for (const step of ['backtest demand-naive', '2023-02-06 #1'])
      expect(tested.metrics).toContainEqual({
        step,
        name: 'demandError',
        value: backtest.mean['demandError'],
        notFinite: null,
      });
    const scores = await succeed<{ run: string; metrics: Record<string, number> }>(
      'evaluate',
      'demand-naive',
      ...args,
    );
    expect(await record(scores.run)).toMatchObject({
      kind: 'evaluate',
      versions: [{ role: 'scored', trainedBy: second.run }],
      metrics: expect.arrayContaining([
        {
          step: 'evaluate demand-naive',
          name: 'demandError',
          value: scores.metrics['demandError'],
          notFinite: null,
        },
      ]) as unknown,
    });
    const { stdout } = await hemline('runs', 'list', '--kind', 'backtest');
    expect(stdout).toContain(`demandError ${backtest.mean['demandError']!.toFixed(4)}, demandBias `);
  });

  it('are left by runs that failed, with the reason and the log', async () => {
    const failed = await hemline('train', 'demand-naive', '--data', data, '--set', 'window=-3');
    expect(failed.code).toBe(65);
    const { runs } = await listRuns(join(folder, '.hemline/runs'));
    expect(runs[0]!.state).toBe('failed');
    expect(runs[0]!.record).toMatchObject({
      steps: [{ state: 'failed', error: { code: 'JOB', log: expect.stringMatching(/job\.log$/) as string } }],
      problems: [{ step: 'train demand-naive', message: expect.stringContaining('window') as string }],
    });
  });
});

describe('hemline lineage', { timeout: 120_000 }, () => {
  it('follows a forecast file back to model, data and code, and notices when it was altered', async () => {
    const registry = await openRegistry(join(folder, '.hemline/registry'));
    await registry.register({
      ...{ model: 'demand-naive', artifact: 's3://models/1', dataset: 'observed', cutoff: second.cutoff },
      ...{ run: second.run, metrics: {}, lineage: {}, status: 'approved', reason: 'r', by: 'b', token: 't' },
    });
    const forecast = await succeed<{ run: string; directory: string }>(
      ...['forecast', 'demand-naive', '--data', data, '--horizon', '2', '--discounts', '0,0.5'],
    );
    const manifest = await verifyManifest(forecast.directory);
    const file = join(forecast.directory, manifest.files[0]!.file);
    const lineage = await succeed<object>('lineage', file);
    expect(lineage).toMatchObject({
      file,
      footer: {
        model: 'demand-naive',
        runId: forecast.run,
        trainingFingerprint: second.data,
        inputHash: manifest.files[0]!.inputHash,
      },
      forecast: { run: forecast.run, outputs: [{ name: 'forecast', files: 2 }] },
      training: { run: second.run, parameters: { 'set.window': '8' } },
      versions: [{ version: 1, status: 'approved' }],
      manifest: expect.stringMatching(/manifest\.json$/) as string,
      gaps: [],
    });
    const elsewhere = await traceFile(file, join(folder, 'elsewhere'), registry);
    expect(elsewhere).toMatchObject({ forecast: null, training: null, versions: [] });
    expect(elsewhere.gaps).toEqual([
      expect.stringMatching(/the record of run forecast-.*, which wrote the file, is not in .*elsewhere/),
    ]);

    const other = join(forecast.directory, manifest.files[1]!.file);
    await copyFile(other, file);
    const altered = await hemline('lineage', file);
    expect([altered.code, altered.stderr]).toEqual([
      65,
      expect.stringMatching(/not the one that its run wrote/),
    ]);

    const foreign = join(folder, 'foreign.parquet');
    await writeParquetFile(foreign, [new Batch({ x: float64Column(Float64Array.of(1)) })]);
    await expect(traceFile(foreign, folder, registry)).rejects.toThrow(/does not say where it comes from/);
  });
});
