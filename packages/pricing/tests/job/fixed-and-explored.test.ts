import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addWeeks, formatWeek, valueAt } from '@hemline/core';
import { openParquetFile, openStore, verifyManifest } from '@hemline/stores';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimWithDecisions, overrideSettings } from '../../src/job/claim-with-decisions.ts';
import { runOptimise } from '../../src/job/optimise-job.ts';
import type { PricingOrigin } from '../../src/job/pricing-origin.ts';
import type { PricingSummary } from '../../src/job/pricing-summary.ts';
import { CUTOFF } from '../inputs/small-market.ts';
import { fixPrices, type Fixed } from './decided-prices.ts';
import { contentsOf, forecastRun, optimiseRoot, quietJob, RUN, type ForecastRun } from './forecast-run.ts';
import { hostNames, startHost } from './hosts.ts';

const BLOCK = ['--articles-of-a-block', '6'];
const FIXED: readonly Fixed[] = [
  { article: 'A003', market: 'DE', week: addWeeks(CUTOFF, 1), discount: 0.4 },
  { article: 'A017', market: 'PL', week: addWeeks(CUTOFF, 2), discount: 0 },
  // Neither on the grid nor priced.
  { article: 'A017', market: 'DE', week: addWeeks(CUTOFF, 1), discount: 0.33 },
  { article: 'B000', market: 'DE', week: addWeeks(CUTOFF, 1), discount: 0.2 },
];

let folder: string;
let run: ForecastRun;
let decisions: string;
let argvOf: (output: string, ...more: string[]) => string[];
let reference: PricingSummary;
let job: ReturnType<typeof quietJob>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-fixed-'));
  run = await forecastRun(folder, 30);
  decisions = join(folder, 'decisions');
  await fixPrices(decisions, FIXED);
  argvOf = (output, ...more) => [
    ...['--output', join(folder, output), '--decisions', decisions, ...BLOCK],
    ...['--explore', '0.2', '--explore-seed', '3', ...more],
  ];
  job = quietJob(optimiseRoot(join(folder, 'root'), run));
  reference = await runOptimise(['--forecasts', run.forecasts, ...argvOf('one')], job);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Row {
  readonly article: unknown;
  readonly market: unknown;
  readonly week: string;
  readonly discount: number;
  readonly reason: unknown;
  readonly propensity: unknown;
  readonly experiment: unknown;
}

/** Rows of the recommendations of an output. */
async function rowsOf(output: string): Promise<Row[]> {
  const rows: Row[] = [];
  const { files } = await verifyManifest(join(folder, output));
  for (const { file } of files.filter(({ partition }) => partition.startsWith('recommendations')))
    for await (const batch of (await openParquetFile(join(folder, output, file))).batches())
      for (let row = 0; row < batch.length; row++) {
        const of = (name: string) => valueAt(batch.column(name), row);
        rows.push({
          ...{ article: of('article'), market: of('market'), week: formatWeek(batch.weeks('week')[row]!) },
          ...{ discount: of('discount') as number, reason: of('reason') },
          ...{ propensity: of('propensity'), experiment: of('experiment') },
        });
      }
  return rows;
}

describe('the job that prices, with prices that people have fixed and some that are drawn', () => {
  it('leaves what is fixed as it is, and finds the others around it', async () => {
    const rows = await rowsOf('one');
    for (const { article, market, week, discount } of FIXED.slice(0, 3)) {
      const found = rows.find(
        (row) => row.article === article && row.market === market && row.week === formatWeek(week),
      )!;
      expect(found).toMatchObject({ reason: 'person', propensity: null });
      expect(found.discount).toBeCloseTo(discount, 12);
    }
    expect(rows.filter(({ reason }) => reason === 'person')).toHaveLength(3);
    expect(reference).toMatchObject({ overrides: 3, articles: 30 });
    expect(reference.assumptions).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^3 prices are fixed by people/),
        expect.stringMatching(/^1 prices that people have fixed are of articles or markets that are not/),
      ]),
    );
  });

  it('draws discounts of the first week of the share of the articles, and tells what that costs', async () => {
    const drawn = (await rowsOf('one')).filter(({ propensity }) => propensity !== null);
    expect(new Set(drawn.map(({ week }) => week))).toEqual(new Set([formatWeek(addWeeks(CUTOFF, 1))]));
    expect(new Set(drawn.map(({ article }) => article)).size).toBe(6);
    for (const { propensity, experiment, reason, discount } of drawn) {
      expect(reason).toBe('explore');
      const [name, ...open] = String(experiment).split(' ');
      expect(name).toBe(RUN);
      expect(open.map(Number)).toContain(discount);
      expect(propensity).toBe(1 / open.length);
    }
    const { exploration } = reference;
    expect(exploration).toMatchObject({ share: 0.2, seed: 3, articles: 6, series: drawn.length });
    expect(job.told).toEqual(
      expect.arrayContaining([`explorationCost=${exploration!.cost}`, 'overrides=3', 'exploredArticles=6']),
    );
    const argv = ['--forecasts', run.forecasts, ...argvOf('unexplored', '--explore', '0')];
    const plain = await runOptimise(argv, quietJob(optimiseRoot(join(folder, 'root'), run)));
    expect(plain.exploration).toBeUndefined();
    expect(reference.profit).toBeCloseTo(plain.profit - exploration!.cost, 6);
    expect(reference.optimism).toBe(plain.optimism);
  });

  it('comes to what one block comes to', async () => {
    const argv = ['--forecasts', run.forecasts, ...argvOf('whole', '--articles-of-a-block', '100')];
    const whole = await runOptimise(argv, quietJob(optimiseRoot(join(folder, 'root'), run)));
    const { cost, ...drawn } = reference.exploration!;
    expect(whole).toMatchObject({ reasons: reference.reasons, exploration: drawn, overrides: 3 });
    expect(whole.assumptions).toEqual(reference.assumptions);
    expect(whole.exploration!.cost).toBeCloseTo(cost, 6);
    expect(whole.profit).toBeCloseTo(reference.profit, 6);
    expect(await rowsOf('whole')).toEqual(await rowsOf('one'));
  });

  it.each([1, 2, 3])('leaves the very bytes of one host: %i, as processes', async (count) => {
    const all = hostNames(count);
    const hosts = all.map((current) =>
      startHost(folder, run, argvOf(`of-${count}`, '--threads', String(count)), { current, all }),
    );
    for (const { ended, told } of hosts) expect(await ended, told()).toBe(0);
    expect(contentsOf(join(folder, `of-${count}`))).toEqual(contentsOf(join(folder, 'one')));
  });

  it('says in its inputs which decisions it has heeded', () => {
    const origin = JSON.parse(readFileSync(join(folder, 'one', '_inputs.json'), 'utf8')) as PricingOrigin;
    expect(origin.decisions).toMatchObject({ segments: 1 });
    expect(origin.settings).toMatchObject({
      overrides: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      explore: { share: 0.2, step: 1, seed: 3 },
    });
  });

  it('prices what was decided when it began, whoever decides while it works', async () => {
    const output = await openStore(join(folder, 'begun'));
    const later: number[] = [];
    const begin = () =>
      claimWithDecisions(output, {
        ...{ decisions, run: RUN, weeks: { from: addWeeks(CUTOFF, 1), to: addWeeks(CUTOFF, 4) } },
        onLater: (count) => later.push(count),
        originOf: (overrides) => ({
          ...{ run: RUN, forecasts: [], dataset: { name: 'small', fingerprint: 'f' }, limits: null },
          ...{ plan: null, decisions: overrides!.source, settings: overrideSettings(overrides) },
        }),
      });
    const first = await begin();
    await fixPrices(decisions, [{ ...FIXED[0]!, article: 'A004' }]);
    const second = await begin();
    expect([first.isClaimed, second.isClaimed]).toEqual([false, true]);
    expect(second.overrides!.digest).toBe(first.overrides!.digest);
    expect(later).toEqual([1]);
  });
});
