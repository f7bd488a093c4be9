import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { InterruptedError } from '@hemline/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  backtest,
  evaluate,
  forecast,
  inspect,
  models,
  runs,
  runWorkflow,
  planWorkflow,
  simulate,
  train,
} from '../src/index.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

let folder: string;
let data: string;
let home: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-library-'));
  home = join(folder, 'home');
  data = (await simulate({ out: join(folder, 'market'), articles: 12, markets: 2, weeks: 80 })).observed;
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

it('the example of the page runs as it stands there', async () => {
  const page = await readFile(here('../README.md'), 'utf8');
  const example = await readFile(here('../examples/library.ts'), 'utf8');
  expect(page).toContain(`\`\`\`ts\n${example}\`\`\``);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [here('../examples/library.ts')], {
    cwd: folder,
  });
  expect(stdout).toMatch(/^train-\S+ succeeded: error 0\.\d+, \d+ forecasts\n$/);
  expect(stderr).toMatch(/^demand-naive: /m);
}, 120_000);

describe('work', () => {
  it('tells its progress to who asks, writes nothing to a terminal, and leaves a record of what was called', async () => {
    const [out, err] = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
    const told: string[] = [];
    const onProgress = (part: string, { phase }: { phase: string }): void =>
      void told.push(`${part} ${phase}`);
    const given = { data, home, cutoff: '2023-01-16', onProgress };
    const trained = await train('demand-naive', { ...given, hyperparameters: { window: 6 } });
    const scores = await evaluate('demand-naive', { ...given, horizon: 4 });
    expect([out.mock.calls, err.mock.calls, process.exitCode]).toEqual([[], [], undefined]);
    vi.restoreAllMocks();
    expect(told).toContain('demand-naive evaluating');
    expect(scores.metrics['demandError']).toBeGreaterThan(0);
    const { record, state } = await runs.show(trained.run, { home });
    expect(state).toBe('succeeded');
    expect(record.command).toEqual(['@hemline/hemline', 'train']);
    expect(record.parameters).toMatchObject({ model: 'demand-naive', 'set.window': '6', seed: '1' });
    expect((await runs.list({ home, kind: 'train' })).runs.map((each) => each.record.run)).toEqual([
      trained.run,
    ]);
  });

  it('is stopped by its signal, and the record says so', async () => {
    const signal = AbortSignal.abort();
    const cutoffs = ['2023-01-16'];
    await expect(backtest('demand-naive', { data, home, cutoffs, signal })).rejects.toThrow(InterruptedError);
    await expect(train('demand-naive', { data, home, signal })).rejects.toThrow(InterruptedError);
    const [stopped] = (await runs.list({ home, last: 1 })).runs;
    expect([stopped!.record.kind, stopped!.state]).toEqual(['train', 'interrupted']);
  });

  it('says what is wrong before anything is begun', async () => {
    const before = (await runs.list({ home })).runs.length;
    await expect(train('demand-nave', { data, home })).rejects.toThrow(/Did you mean demand-naive\?/);
    await expect(evaluate('return-rate-average', { data, home })).rejects.toThrow(
      /has not been trained on .* here.*--model-dir/s,
    );
    await expect(evaluate('demand-naive', { data: join(folder, 'nowhere'), home })).rejects.toThrow(
      /nowhere/,
    );
    expect((await runs.list({ home })).runs).toHaveLength(before);
  });
});

it('versions are registered, decided on, and compared', async () => {
  const dataset = (await runs.list({ home, kind: 'train', state: 'succeeded' })).runs[0]!.record.inputs[0]!
    .name;
  const { version } = await models.register('demand-naive', { home, dataset, by: 'test', reason: 'first' });
  const decided = await models.decide(
    'demand-naive',
    version,
    { status: 'approved', reason: 'good', by: 'test' },
    { home },
  );
  expect([decided.version.status, decided.inUse?.version]).toEqual(['approved', version]);
  expect((await models.list({ home, status: 'approved' })).map(({ model }) => model)).toEqual([
    'demand-naive',
  ]);
  expect((await models.show('demand-naive', undefined, { home })).version).toBe(version);
  await expect(models.compare('demand-naive', [], { home })).rejects.toThrow(/nothing to compare/);
});

it('a dataset is inspected table by table, a file by itself', async () => {
  const { kind, tables } = await inspect(data, { rows: 2 });
  expect(kind).toBe('dataset');
  const weekly = tables.find(({ name }) => name === 'weekly')!;
  expect(weekly.preview).toHaveLength(2);
  expect(weekly.columns.find(({ name }) => name === 'market')).toMatchObject({
    type: 'string',
    distinct: '2',
  });
});

describe('listeners and options of a caller', () => {
  const stumble = (): never => {
    throw new RangeError('the listener stumbled');
  };

  it('a listener that throws ends the work with its error, whoever does it', async () => {
    const given = { data, home, onProgress: stumble };
    const cutoffs = ['2023-01-16'];
    await train('demand-naive', { data, home });
    await expect(forecast('demand-naive', given)).rejects.toThrow('the listener stumbled');
    await expect(backtest('demand-naive', { ...given, cutoffs })).rejects.toThrow('the listener stumbled');
    const workflow = { data, home, models: ['demand-naive'] };
    for (const listener of [{ onStep: stumble }, { onProgress: stumble }])
      await expect(runWorkflow('training', { ...workflow, ...listener })).rejects.toThrow(
        'the listener stumbled',
      );
    const parts = new Set<string>();
    // In a home of its own: where the others stopped late enough, their check is done, and not done again.
    const anew = { ...workflow, home: join(folder, 'anew') };
    await runWorkflow('training', { ...anew, onProgress: (part) => void parts.add(part) });
    expect([...parts]).toContain('check the data');
  }, 120_000);

  it('refuses what makes no sense before anything is begun', async () => {
    const empty = join(folder, 'untouched');
    const given = { data, home: empty };
    await expect(runWorkflow('wekly' as 'weekly', given)).rejects.toThrow(
      /no workflow wekly.*one of weekly/s,
    );
    const cutoffs = ['2023-01-16'];
    await expect(backtest('demand-naive', { data, home, cutoffs, seeds: [NaN] })).rejects.toThrow(/seed/);
    await train('demand-naive', { data, home });
    await expect(forecast('demand-naive', { data, home, horizon: 0 })).rejects.toThrow(/horizon/);
    await expect(inspect(empty)).rejects.toThrow();
  }, 60_000);
});

it('a run that registers takes the baselines along, and one that does not runs what was asked for', async () => {
  const models = ['return-rate-trees'];
  const planned = async (workflow: 'weekly' | 'inference' | 'backtest'): Promise<readonly string[]> =>
    (await planWorkflow(workflow, { data, models, home: join(folder, 'planned') })).models;
  expect(await planned('weekly')).toEqual(['return-rate-average', 'return-rate-trees']);
  expect(await planned('inference')).toEqual(models);
  expect(await planned('backtest')).toEqual(models);
});
