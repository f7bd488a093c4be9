import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Batch, dateColumn, stringsToColumn, type Column } from '@hemline/core';
import { openParquet } from '@hemline/parquet';
import { runProcessing } from '../../src/entrypoints/process.ts';
import { runTraining } from '../../src/entrypoints/train.ts';
import { verifyManifest, writeParquetFile } from '@hemline/stores';
import type { Telemetry } from '../../src/telemetry/telemetry.ts';
import { all } from '@hemline/parquet/testing';
import {
  fabricateProcessing,
  fabricateTraining,
  uploadOutputs,
  writeWeekly,
} from '../fixtures/fabricate-root.ts';
import { forecastLines, smoothing } from '../fixtures/smoothing-model.ts';

const MARKETS = ['AT', 'DE', 'FR', 'IT'];
const ARGUMENTS = ['--step', 'forecast', '--horizon', '2', '--discounts', '0,0.5'];
const nothing = (): void => {};
const silent: Telemetry = {
  info: nothing,
  warn: nothing,
  error: nothing,
  progress: nothing,
  metric: nothing,
  close: nothing,
};

let folder: string;
let model: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-shares-'));
  await fabricateTraining(join(folder, 'training'), { epochs: '1' }, MARKETS);
  await runTraining(smoothing, job(join(folder, 'training')));
  model = join(folder, 'training', 'model');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function job(root: string): Parameters<typeof runTraining>[1] {
  return {
    environment: { SAGEMAKER_BASE_DIR: root },
    signal: new AbortController().signal,
    telemetry: silent,
  };
}

/** Runs every host on its share; gives the rows and partitions of all, in no order. */
async function forecastOn(
  shares: readonly (readonly string[])[],
  sharded: boolean,
): Promise<{ lines: string[]; partitions: string[] }> {
  const hosts = shares.map((_, i) => `algo-${i + 1}`);
  const outputs: string[] = [];
  for (const [i, host] of hosts.entries()) {
    const root = await mkdtemp(join(folder, 'root-'));
    const inputs = { model: {}, weekly: { sharded } };
    fabricateProcessing(root, { inputs, outputs: ['forecast'], host, hosts });
    await cp(model, join(root, 'processing', 'input', 'model'), { recursive: true });
    await writeWeekly(join(root, 'processing', 'input', 'weekly'), shares[i]!);
    await runProcessing(smoothing, ARGUMENTS, job(root));
    outputs.push(join(root, 'processing', 'output', 'forecast'));
  }
  const uploaded = await mkdtemp(join(folder, 'uploaded-'));
  await uploadOutputs(outputs, uploaded);
  const lines: string[] = [];
  const partitions: string[] = [];
  for (const { file, partition } of (await verifyManifest(uploaded)).files) {
    partitions.push(partition);
    for (const batch of await all((await openParquet(join(uploaded, file))).batches()))
      lines.push(...forecastLines(batch));
  }
  return { lines: lines.sort(), partitions: partitions.sort() };
}

describe('forecasts of several hosts', () => {
  it('are those of one host, each partition once, however the objects are dealt', async () => {
    const whole = await forecastOn([MARKETS], false);
    expect(whole.partitions).toEqual(MARKETS.map((market) => `market=${market}`));
    expect(whole.lines).toHaveLength(MARKETS.length * 2 * 2 * 2);
    const dealing = fc.integer({ min: 1, max: 6 }).chain((hosts) =>
      fc.record({
        hosts: fc.constant(hosts),
        hostOf: fc.array(fc.nat(hosts - 1), { minLength: MARKETS.length, maxLength: MARKETS.length }),
        sharded: fc.boolean(),
      }),
    );
    const property = fc.asyncProperty(dealing, async ({ hosts, hostOf, sharded }) => {
      const shares = Array.from({ length: hosts }, (_, host) =>
        sharded ? MARKETS.filter((_market, i) => hostOf[i] === host) : MARKETS,
      );
      const found = await forecastOn(shares, sharded);
      expect(found.lines).toEqual(whole.lines);
      // The platform deals out files: then each is a partition of its own.
      expect(found.partitions).toEqual(
        whole.partitions.map((name) => (sharded ? `${name}/part-00000` : name)),
      );
    });
    await fc.assert(property, { numRuns: 8 });
  });

  it('are refused when a table that every host needs whole is dealt out', async () => {
    const root = await mkdtemp(join(folder, 'root-'));
    const inputs = { model: {}, weekly: { sharded: true }, articles: { sharded: true } };
    fabricateProcessing(root, { inputs, outputs: ['forecast'], hosts: ['algo-1', 'algo-2'] });
    await cp(model, join(root, 'processing', 'input', 'model'), { recursive: true });
    const refused = expect(runProcessing(smoothing, ARGUMENTS, job(root))).rejects;
    await refused.toThrow(/every host needs whole; .*found ShardedByS3Key for articles/);
  });
});

describe('weeks without a sale', () => {
  const refusal = /no host of a sharded weekly table knows/;

  /** What becomes of a host's job whose weekly table is sharded and filled, with these settings. */
  async function forecast(
    settings: object,
    launches: boolean,
    hosts = ['algo-1', 'algo-2'],
  ): Promise<unknown> {
    const root = await mkdtemp(join(folder, 'root-'));
    const inputs = { model: {}, weekly: { sharded: true }, articles: {}, descriptor: {} };
    fabricateProcessing(root, { inputs, outputs: ['forecast'], hosts });
    const input = join(root, 'processing', 'input');
    await cp(model, join(input, 'model'), { recursive: true });
    await writeWeekly(join(input, 'weekly'), ['AT']);
    const article = stringsToColumn(['AT-1', 'AT-2']);
    const launch: Record<string, Column> = launches
      ? { launch_week: dateColumn(Int32Array.of(18_267, 18_267)) }
      : {};
    await writeParquetFile(join(input, 'articles', 'part.parquet'), [new Batch({ article, ...launch })]);
    const weekly = { missingWeeks: 'zero', ...settings };
    await mkdir(join(input, 'descriptor'), { recursive: true });
    await writeFile(
      join(input, 'descriptor', 'dataset.json'),
      JSON.stringify({ name: 'shop', tables: { weekly } }),
    );
    return runProcessing(smoothing, ARGUMENTS, job(root)).then(
      () => 'done',
      (error: Error) => error.message,
    );
  }

  it('need the weeks of all data where no host has all of it', async () => {
    expect(await forecast({}, false)).toMatch(refusal);
    expect(await forecast({}, false)).toMatch(/expected lastWeek of weekly.*"lastWeek": "2024-07-22"/);
    expect(await forecast({ lastWeek: '2030-01-07' }, true)).toMatch(/expected firstWeek of weekly/);
    expect(await forecast({ firstWeek: '2020-01-06' }, true)).toMatch(/expected lastWeek of weekly/);
  });

  it('are filled where dataset.json has them, or one host has all data', async () => {
    const weeks = { firstWeek: '2020-01-06', lastWeek: '2030-01-07' };
    expect(await forecast(weeks, true)).not.toMatch(refusal);
    expect(await forecast({ lastWeek: weeks.lastWeek }, false)).not.toMatch(refusal);
    expect(await forecast({}, false, ['algo-1'])).toBe('done');
  });
});

describe('scores', () => {
  it('are left to the first host, which needs all of the data', async () => {
    for (const [host, sharded] of [
      ['algo-2', false],
      ['algo-1', true],
    ] as const) {
      const root = await mkdtemp(join(folder, 'root-'));
      const inputs = { model: {}, weekly: { sharded } };
      fabricateProcessing(root, { inputs, outputs: ['evaluation'], host, hosts: ['algo-1', 'algo-2'] });
      await cp(model, join(root, 'processing', 'input', 'model'), { recursive: true });
      await writeWeekly(join(root, 'processing', 'input', 'weekly'), MARKETS);
      const work = runProcessing(smoothing, ['--step', 'evaluate', '--horizon', '2'], job(root));
      if (sharded) await expect(work).rejects.toThrow(/scores need all of the data on one host/);
      else await work;
      expect(await readdir(join(root, 'processing'))).toEqual(['input']);
    }
  });
});
