import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { float64Column, formatWeek } from '@hemline/core';
import { EXIT_CODES } from '@hemline/sagemaker';
import { writeParquetFile } from '@hemline/stores';
import {
  fabricateProcessing,
  LAST_WEEK,
  readJson,
  run,
  weeklyBatch,
  writeJson,
  writeWeekly,
  type Ended,
} from '../fixtures/fabricate-root.ts';

let shared: string;
beforeAll(async () => {
  shared = await mkdtemp(join(tmpdir(), 'hemline-check-'));
});
afterAll(() => rm(shared, { recursive: true, force: true }));

/** Checks a dataset as a container would. */
async function check(
  write: (folder: string) => Promise<void>,
  { hosts = ['algo-1'], argv = [] as string[] } = {},
): Promise<{ ended: Ended; output: string }> {
  const root = await mkdtemp(join(shared, 'root-'));
  fabricateProcessing(root, { inputs: { dataset: {} }, outputs: ['facts'], hosts });
  await write(join(root, 'processing', 'input', 'dataset'));
  const ended = await run('../../src/check.ts', root, argv);
  return { ended, output: join(root, 'processing', 'output', 'facts') };
}

async function good(folder: string): Promise<void> {
  await writeWeekly(join(folder, 'weekly'), ['DE', 'FR']);
  await writeJson(join(folder, 'dataset.json'), { name: 'toys' });
}

describe('the check of a dataset', () => {
  it('leaves what jobs are planned with', async () => {
    const { ended, output } = await check(good, { argv: ['--tables', 'weekly'] });
    expect(ended.code, ended.stderr).toBe(0);
    expect(await readJson(join(output, 'facts.json'))).toEqual({
      name: 'toys',
      fingerprint: expect.stringMatching(/^[0-9a-f]{16,}$/) as string,
      lastWeek: formatWeek(LAST_WEEK),
      tables: { weekly: 'weekly/' },
      rows: { weekly: 128 },
    });
    expect(await readJson(join(output, 'dataset.json'))).toEqual({ name: 'toys' });
    expect(Array.isArray(await readJson(join(output, 'quality.json')))).toBe(true);
  });

  it('has the same fingerprint for the same data, another for other data', async () => {
    const fingerprint = async (write: (folder: string) => Promise<void>): Promise<unknown> => {
      const { output } = await check(write);
      return ((await readJson(join(output, 'facts.json'))) as { fingerprint: string }).fingerprint;
    };
    const [first, again, other] = await Promise.all([
      fingerprint(good),
      fingerprint(good),
      fingerprint(async (folder) => {
        await writeWeekly(join(folder, 'weekly'), ['DE', 'IT']);
        await writeJson(join(folder, 'dataset.json'), { name: 'toys' });
      }),
    ]);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it.each<[string, (folder: string) => Promise<void>, object, RegExp]>([
    [
      'a dataset without a name',
      (folder) => writeWeekly(join(folder, 'weekly'), ['DE']),
      {},
      /does not say its name.*dataset\.json/,
    ],
    [
      'a table that is missing',
      good,
      { argv: ['--tables', 'weekly,returns'] },
      /lacks tables.*expected weekly, returns, found weekly.*Deliver returns/,
    ],
    [
      'a discount of 1.2',
      async (folder) => {
        const batch = weeklyBatch('DE', ['a']);
        const discount = batch.floats('discount').slice();
        discount[7] = 1.2;
        const wrong = batch.with({ discount: float64Column(discount) });
        await writeParquetFile(join(folder, 'weekly', 'part-00000.parquet'), [wrong]);
        await writeJson(join(folder, 'dataset.json'), { name: 'toys' });
      },
      {},
      /discount.*1\.2/,
    ],
    ['more than one host', good, { hosts: ['algo-1', 'algo-2'] }, /checked by one host/],
  ])('refuses %s, and leaves nothing', async (_, write, options, message) => {
    const { ended, output } = await check(write, options);
    expect(Object.values(EXIT_CODES)).toContain(ended.code);
    expect(ended.code).not.toBe(0);
    expect(ended.stderr).toMatch(message);
    expect(await readdir(output).catch(() => [])).toEqual([]);
  });
});
