import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT_CODES } from '@hemline/sagemaker';
import { verifyManifest } from '@hemline/stores';
import { run, start, type Ended } from '../fixtures/fabricate-root.ts';
import type { Misdeed } from '../fixtures/unruly-model.ts';
import {
  SMALL_FORECAST,
  contentOf,
  forecastOf,
  unrulyInputs,
  unrulyRoot,
  untilCommitted,
} from '../fixtures/unruly-root.ts';

const MARKETS = ['AT', 'DE', 'FR', 'IT', 'PL'];

let inputs: string;
/** What one thread leaves: every other number of threads must leave the same, byte by byte. */
let reference: Record<string, string>;
beforeAll(async () => {
  inputs = await unrulyInputs(MARKETS);
  const root = await unrulyRoot(inputs);
  const { code, stderr } = await forecast(root, 1);
  expect(code, stderr).toBe(0);
  reference = await contentOf(forecastOf(root));
});
afterAll(() => rm(inputs, { recursive: true, force: true }));

function forecast(
  root: string,
  threads: number,
  misdeeds: Record<string, Misdeed> = {},
  environment: Record<string, string> = {},
): Promise<Ended> {
  const argv = [...SMALL_FORECAST, '--threads', String(threads)];
  return run('unruly-process.ts', root, argv, { UNRULY: JSON.stringify(misdeeds), ...environment });
}
const messageOf = (root: string): Promise<string> => readFile(join(root, 'output', 'message'), 'utf8');
const filesOf = async (root: string): Promise<string[]> =>
  Object.keys(await contentOf(forecastOf(root))).filter((name) => name.endsWith('.parquet'));

describe.concurrent('process in threads', () => {
  it.each([2, 8])('leaves the same bytes with %i threads', async (threads) => {
    const root = await unrulyRoot(inputs);
    const { code, stdout, stderr } = await forecast(root, threads);
    expect(code, stderr).toBe(0);
    expect(await contentOf(forecastOf(root))).toEqual(reference);
    expect((await verifyManifest(forecastOf(root))).files).toHaveLength(MARKETS.length);
    // Never more threads than partitions.
    expect(stdout).toContain(`hemline_metric forecast_threads=${Math.min(threads, MARKETS.length)};`);
    for (const metric of ['forecast_rows_per_second', 'forecast_seconds_read', 'forecast_seconds_predict'])
      expect(stdout).toMatch(new RegExp(`hemline_metric ${metric}=[0-9.]+;`));
  });

  it.each<[Misdeed, number, string]>([
    ['exit', EXIT_CODES.internal, 'a thread ended while it forecast a partition (partition market=DE)'],
    ['uncaught', EXIT_CODES.internal, 'found nobody waits for this'],
    ['memory', EXIT_CODES.platform, 'a thread ran out of memory while it forecast a partition'],
  ])(
    'fails the partition whose thread dies (%s), replaces the thread, and resumes',
    async (misdeed, code, text) => {
      const root = await unrulyRoot(inputs);
      // DE alone, on a thread that then has others to take.
      const small = { NODE_OPTIONS: '--max-old-space-size=48' };
      const first = await forecast(root, 2, { DE: misdeed, AT: misdeed }, small);
      expect(first.code, first.stderr).toBe(code);
      const message = await messageOf(root);
      expect(message).toMatch(/^2 of 5 partitions failed; the others are committed; found market=AT: /);
      expect(message).toContain(text);
      expect((await filesOf(root)).map((name) => name.slice(0, 9))).toEqual([
        'market=FR',
        'market=IT',
        'market=PL',
      ]);
      expect((await forecast(root, 2)).code).toBe(0);
      expect(await contentOf(forecastOf(root))).toEqual(reference);
    },
  );

  it('lists all bad partitions; the gravest decides the exit code', async ({ expect }) => {
    const root = await unrulyRoot(inputs);
    const first = await forecast(root, 2, { AT: 'data', IT: 'data' });
    expect(first.code).toBe(EXIT_CODES.input);
    expect(await messageOf(root)).toContain(
      '2 of 5 partitions failed; the others are committed; found ' +
        'market=AT: the history is torn (partition market=AT). | market=IT: the history is torn (partition market=IT).',
    );
    const second = await forecast(root, 2, { AT: 'data', IT: 'defect' });
    expect(second.code).toBe(EXIT_CODES.internal);
    expect(second.stderr).toMatch(/at misbehave.*partition market=IT failed: cannot read what is not there/);
    expect(await filesOf(root)).toHaveLength(3);
  });

  it.each([1, 2])(
    'stops between batches at SIGTERM with %i threads, keeps what is committed, and resumes',
    async (threads) => {
      const root = await unrulyRoot(inputs);
      const argv = [...SMALL_FORECAST, '--horizon', '104', '--threads', String(threads)];
      const log = join(root, 'log');
      const environment = { UNRULY: JSON.stringify({ FR: 'slow' }), UNRULY_LOG: log };
      const { child, ended } = start('unruly-process.ts', root, argv, environment);
      // One thread is at FR for long; of two the other commits all the rest meanwhile.
      if (threads === 1)
        while (!(await readFile(log, 'utf8').catch(() => '')).includes('FR')) await pause(20);
      else await untilCommitted(child, MARKETS.length - 1);
      child.kill('SIGTERM');
      const { code, stderr } = await ended;
      expect(code, stderr).toBe(EXIT_CODES.interrupted);
      // Nothing half-written, not even hidden.
      const left = await contentOf(forecastOf(root));
      expect(
        Object.keys(left).filter((name) => name.includes('.tmp') || name.startsWith('market=FR')),
      ).toEqual([]);
      if (threads === 2) expect(await filesOf(root)).toHaveLength(MARKETS.length - 1);
      expect((await run('unruly-process.ts', root, argv)).code).toBe(0);
      expect((await verifyManifest(forecastOf(root))).files).toHaveLength(MARKETS.length);
      expect(await contentOf(forecastOf(root))).toMatchObject(left);
    },
  );

  it('ends at once when no thread can be made ready', async ({ expect }) => {
    const root = await unrulyRoot(inputs);
    const { code, stderr } = await forecast(root, 2, {}, { UNRULY_LOAD: 'fail' });
    expect(code).toBe(EXIT_CODES.internal);
    expect(await messageOf(root)).toBe('hemline has a defect: there is nothing to load, exit code: 70');
    expect(stderr).not.toContain('partitions failed');
  });

  it('takes the number of threads from the environment, and says what is wrong with it', async ({
    expect,
  }) => {
    const root = await unrulyRoot(inputs);
    const { code } = await run('unruly-process.ts', root, SMALL_FORECAST, { HEMLINE_THREADS: 'many' });
    expect(code).toBe(EXIT_CODES.input);
    expect(await messageOf(root)).toContain(
      'HEMLINE_THREADS: expected a whole number of at least 1, found many',
    );
    const { stdout } = await run('unruly-process.ts', root, SMALL_FORECAST, { HEMLINE_THREADS: '3' });
    expect(stdout).toContain('hemline_metric forecast_threads=3;');
  });
});
