import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ConfigurationError } from '@hemline/core';
import { RunRecorder } from '../../src/records/run-recorder.ts';
import { compareRuns } from '../../src/records/compare-runs.ts';
import { findRun } from '../../src/records/find-run.ts';
import { listRuns, readRun } from '../../src/records/read-runs.ts';
import { readPrices } from '../../src/records/price-table.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-read-runs-'));
  for (const [i, run] of ['train-1', 'train-2', 'forecast-1'].entries()) {
    const code = { version: '0.1.0', commit: `commit-${i}`, dirty: i === 1 };
    const parameters = { cutoff: '2026-01-05', seed: String(i) };
    const recorder = await RunRecorder.open(join(folder, run), {
      run,
      kind: run.slice(0, -2),
      code,
      parameters,
    });
    await recorder.addInput({ name: 'dataset', url: 'file:///data', fingerprint: 'same' });
    await recorder.stepStarted('train');
    await recorder.stepFinished('train');
    await recorder.addMetrics('train', { demandError: 0.5 - i / 10, ...(i === 1 ? { wape: NaN } : {}) });
    await recorder.finish(i === 1 ? 'failed' : 'succeeded');
  }
  await mkdir(join(folder, 'no-record'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('reading runs', () => {
  it('lists the latest first, and passes over folders without a record', async () => {
    const { runs, unreadable } = await listRuns(folder);
    expect(runs.map(({ record }) => record.run)).toEqual(['forecast-1', 'train-2', 'train-1']);
    expect(unreadable).toEqual([]);
    expect(await readRun(join(folder, 'no-record'))).toBeNull();
    expect((await listRuns(join(folder, 'nowhere'))).runs).toEqual([]);
  });

  it('finds a run by its id, a beginning that only one has, or as the latest', async () => {
    expect((await findRun(folder, 'train-1')).record.run).toBe('train-1');
    expect((await findRun(folder, 'fore')).record.run).toBe('forecast-1');
    expect((await findRun(folder, 'latest')).record.run).toBe('forecast-1');
    await expect(findRun(folder, 'train')).rejects.toThrow(/may be several runs.*train-1, train-2/);
    await expect(findRun(folder, 'tarin-1')).rejects.toThrow(
      /no record of a run tarin-1.*Did you mean train-1/,
    );
    await expect(findRun(folder, 'no-record')).rejects.toThrow(ConfigurationError);
  });

  it('passes over a run that is yet to come, and says so; by its name it is found', async () => {
    const there = await mkdtemp(join(tmpdir(), 'hemline-future-'));
    vi.useFakeTimers({ toFake: ['Date'] });
    for (const [run, year] of [
      ['weekly-a', 2026],
      ['weekly-b', 2031],
    ] as const) {
      vi.setSystemTime(new Date(Date.UTC(year, 0, 5)));
      const code = { version: '1', commit: null, dirty: null };
      const recorder = await RunRecorder.open(join(there, run), { run, kind: 'weekly', code });
      await recorder.finish('succeeded');
    }
    vi.setSystemTime(new Date(Date.UTC(2026, 0, 6)));
    const told: string[] = [];
    const onNotice = (text: string): void => void told.push(text);
    try {
      expect((await findRun(there, 'latest', { onNotice })).record.run).toBe('weekly-a');
      expect(told).toEqual([expect.stringMatching(/^weekly-b began on 2031-01-05.*yet to come/)]);
      expect((await findRun(there, 'weekly-b')).record.run).toBe('weekly-b');
      const isWanted = ({ record }: { record: { run: string } }): boolean => record.run === 'weekly-b';
      await expect(findRun(there, 'latest', { isWanted })).rejects.toThrow(/no record of a run latest/);
    } finally {
      vi.useRealTimers();
      await rm(there, { recursive: true, force: true });
    }
  });

  it('compares two runs', async () => {
    const [first, second] = [await findRun(folder, 'train-1'), await findRun(folder, 'train-2')];
    expect(compareRuns(first.record, second.record)).toEqual({
      facts: [
        { of: 'state', first: 'succeeded', second: 'failed' },
        { of: 'code', first: '0.1.0 commit-0', second: '0.1.0 commit-1 with changes' },
        { of: 'parameter seed', first: '0', second: '1' },
      ],
      metrics: [
        { of: 'train: demandError', first: 0.5, second: 0.4 },
        { of: 'train: wape', first: null, second: 'NaN' },
      ],
      seconds: [
        { of: 'train', first: expect.any(Number) as number, second: expect.any(Number) as number },
        { of: 'the whole run', first: expect.any(Number) as number, second: expect.any(Number) as number },
      ],
    });
  });
});

describe('readPrices', () => {
  it('reads a table, and names what is wrong with one', async () => {
    const file = join(folder, 'prices.json');
    expect(await readPrices(file)).toBeNull();
    const prices = { currency: 'EUR', perHour: { 'ml.m5.xlarge': 0.276, local: 0 } };
    await writeFile(file, JSON.stringify(prices));
    expect(await readPrices(file)).toEqual(prices);
    await writeFile(file, JSON.stringify({ perHour: { local: -1 }, hours: {} }));
    await expect(readPrices(file)).rejects.toThrow(/currency: .*perHour\.local: .*hours/);
    await writeFile(file, '{');
    await expect(readPrices(file)).rejects.toThrow(/prices of instances cannot be read.*prices\.json/);
  });
});
