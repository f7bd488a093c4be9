import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MonitorResult } from '@hemline/hemline';
import { command } from '../command.ts';

const CUTOFF = '2022-10-24';
let folder: string;

async function succeed(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await command(folder, args);
  expect(code, stderr).toBe(0);
  return stdout;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-monitor-'));
  await succeed('simulate', '--articles', '60', '--markets', '2', '--weeks', '60', '--out', 'market');
  const data = ['--data', 'market/observed'];
  await succeed('train', 'demand-naive', ...data, '--cutoff', CUTOFF, '--set', 'method=mean');
  await succeed('forecast', 'demand-naive', ...data, '--cutoff', CUTOFF, '--horizon', '8');
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('hemline monitor', () => {
  const monitor = ['monitor', '--data', 'market/observed'];

  it('scores forecasts as evaluate scores the model on the same weeks, and leaves a record', async () => {
    const result = JSON.parse(await succeed(...monitor, '--json')) as MonitorResult & { run: string };
    const { from, until, models } = result;
    expect([from, until, models.map(({ model }) => model)]).toEqual([
      '2022-10-31',
      '2022-11-21',
      ['demand-naive'],
    ]);
    const evaluate = ['evaluate', 'demand-naive', '--data', 'market/observed', '--horizon', '4', '--json'];
    const scores = JSON.parse(await succeed(...evaluate)) as {
      rows: number;
      metrics: Record<string, number>;
    };
    const [model] = models;
    expect(model!.rows).toBe(scores.rows);
    for (const metric of ['demandError', 'demandBias', 'rmse', 'mae', 'wape'])
      expect(model!.metrics[metric]).toBeCloseTo(scores.metrics[metric]!, 10);
    const weeks = model!.scores.filter(
      (row) => row.dimension === 'weekAhead' && row.metric === 'demandError',
    );
    expect(weeks.map(({ value }) => value)).toEqual(['1', '2', '3', '4']);

    const directory = join(folder, '.hemline/runs', result.run);
    const record = JSON.parse(readFileSync(join(directory, 'record.json'), 'utf8')) as {
      kind: string;
      state: string;
      metrics: { name: string; value: number }[];
    };
    expect([record.kind, record.state]).toEqual(['monitor', 'succeeded']);
    expect(record.metrics).toContainEqual(
      expect.objectContaining({ name: 'demand-naive.demandError', value: model!.metrics['demandError'] }),
    );
    expect(JSON.parse(readFileSync(join(directory, 'monitor.json'), 'utf8'))).toEqual(result);
  }, 60_000);

  it('ends with 5 where something is found, and tells the metrics of the alarms', async () => {
    const anything = ['--false-alarms', '0.999999', '--least-change', '0.0001', '--metrics', 'prod'];
    const lines = ['--baseline', '4', '--weeks', '2'];
    const { code, stdout, stderr } = await command(folder, [...monitor, ...lines, ...anything]);
    expect(code, stderr).toBe(5);
    expect(stdout).toMatch(/DRIFT[^]*^! /m);
    expect(JSON.parse(stderr.trim().split('\n').at(-1)!)).toMatchObject({
      _aws: { CloudWatchMetrics: [{ Namespace: 'hemline', Dimensions: [['stage', 'model']] }] },
      ...{ stage: 'prod', model: 'demand-naive', ModelError: expect.any(Number) as number },
    });
  }, 60_000);

  it('ends with 5 where a limit is broken though no test finds anything, and keeps the limit in its record', async () => {
    const { code, stdout } = await command(folder, [...monitor, '--limit', 'bias=0.001', '--json']);
    const result = JSON.parse(stdout) as MonitorResult & { run: string };
    expect([code, result.found]).toEqual([5, false]);
    expect(result.beyondLimits).toMatchObject([{ limit: 'bias', most: 0.001, model: 'demand-naive' }]);
    const record = JSON.parse(
      readFileSync(join(folder, '.hemline/runs', result.run, 'record.json'), 'utf8'),
    ) as { parameters: Record<string, string> };
    expect(record.parameters).toMatchObject({ 'limit.bias': '0.001', 'limit.errorTimes': '2' });
  }, 60_000);

  it.each([
    ['biass=1', /no limit biass; expected one of bias, segmentBias/],
    ['bias=-1', /a number above 0/],
    ['bias', /name=value/],
  ])('refuses --limit %s', async (limit, words) => {
    const { code, stderr } = await command(folder, [...monitor, '--limit', limit]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(words)]);
  });

  it('says on the first Monday that there is nothing to compare yet, and leaves no run', async () => {
    const first = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await command(folder, args, { HEMLINE_HOME: 'first' });
      expect(code, stderr).toBe(0);
      return stdout;
    };
    const data = ['--data', 'market/observed'];
    await first('train', 'demand-naive', ...data);
    await first('forecast', 'demand-naive', ...data, '--horizon', '4', '--discounts', '0');
    const before = readdirSync(join(folder, 'first/runs'));
    expect(await first(...monitor)).toMatch(/Nothing .* observed yet.*2022-11-28.*\nMonitor again/);
    expect(JSON.parse(await first(...monitor, '--json'))).toMatchObject({
      ...{ run: null, models: [], found: false, beyondLimits: [], waitingFor: '2022-11-28' },
    });
    expect(readdirSync(join(folder, 'first/runs'))).toEqual(before);
  }, 120_000);

  it('says what is missing where nothing was forecast', async () => {
    const { code, stderr } = await command(folder, [...monitor, '--forecasts', 'market']);
    expect([code, stderr]).toEqual([65, expect.stringMatching(/no forecasts to monitor[^]*--forecasts/)]);
  });
});
