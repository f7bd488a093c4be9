import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  KeyIndex,
  SERIES_KEY,
  addWeeks,
  concatBatches,
  isValid,
  type Batch,
  type Tables,
  type Week,
} from '@hemline/core';
import { returnTimeHazard } from '@hemline/features';
import { simulateMarket } from '@hemline/market-simulator';
import { openDataset } from '@hemline/runtime';
import { openParquet } from '@hemline/parquet';

const LAGS = 15;
let folder: string;
let tables: Tables;
let lastWeek: Week;
let truth: Batch;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-truth-'));
  const market = await simulateMarket({
    out: join(folder, 'market'),
    articles: 600,
    markets: 1,
    weeks: 40,
    seed: 7,
  });
  const dataset = await openDataset(market.observed);
  tables = dataset.tables;
  lastWeek = await dataset.lastKnownWeek();
  const batches: Batch[] = [];
  for await (const batch of (await openParquet(join(market.truth, 'returns.parquet'))).batches())
    batches.push(batch);
  truth = concatBatches(batches);
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Expected units back by lag, over everything sold: the truth that the market was drawn from. */
async function expectedShares(): Promise<Float64Array> {
  const index = new KeyIndex(SERIES_KEY);
  index.add(truth);
  const lags = Array.from({ length: LAGS }, (_, lag) => truth.floats(`lag_${lag}`));
  const rates = Array.from({ length: LAGS }, (_, level) => truth.floats(`return_rate_at_${level * 5}`));
  const expected = new Float64Array(LAGS);
  for await (const batch of tables
    .get('weekly')
    .batches({ columns: ['article', 'market', 'week', 'sales', 'discount'] })) {
    const item = index.find(batch);
    const sales = batch.column('sales');
    const discount = batch.floats('discount');
    for (let row = 0; row < batch.length; row++) {
      if (!isValid(sales, row)) continue;
      const returned = (sales.values[row] as number) * rates[Math.round(discount[row]! * 20)]![item[row]!]!;
      for (let lag = 0; lag < LAGS; lag++) expected[lag]! += returned * lags[lag]![item[row]!]!;
    }
  }
  return normalised(expected);
}

/** What an average that ignores censoring would say: the shares among the returns seen so far. */
async function observedShares(cutoff: Week): Promise<{ shares: Float64Array; units: number }> {
  const units = new Float64Array(LAGS);
  for await (const batch of tables
    .asOf(cutoff)
    .get('returns')
    .batches({ columns: ['saleWeek', 'returnWeek', 'units'] })) {
    const [sale, back, count] = [batch.weeks('saleWeek'), batch.weeks('returnWeek'), batch.floats('units')];
    for (let row = 0; row < batch.length; row++) units[(back[row]! - sale[row]!) / 7]! += count[row]!;
  }
  return { shares: normalised(units), units: units.reduce((sum, count) => sum + count, 0) };
}

function normalised(units: Float64Array): Float64Array {
  const sum = units.reduce((total, count) => total + count, 0);
  return units.map((count) => count / sum);
}

const meanLag = (shares: Float64Array): number => shares.reduce((sum, share, lag) => sum + share * lag, 0);
const varianceOfLag = (shares: Float64Array): number =>
  shares.reduce((sum, share, lag) => sum + share * (lag - meanLag(shares)) ** 2, 0);

describe('return time on the simulated market', () => {
  it('is recovered within sampling error although the last 14 weeks are censored', async () => {
    const expected = await expectedShares();
    // As of the middle of the history the censored weeks weigh most.
    const cutoff = addWeeks(lastWeek, -8);
    const hazard = await returnTimeHazard(tables.asOf(cutoff), [{ name: 'market', columns: ['market'] }], {
      cutoff,
      maximumLag: LAGS - 1,
      keys: ['market'],
    });
    const estimated = hazard.lookup(truth).share.subarray(0, LAGS);
    const naive = await observedShares(cutoff);

    for (let lag = 0; lag < LAGS; lag++) {
      const error = Math.sqrt((expected[lag]! * (1 - expected[lag]!)) / naive.units);
      expect(
        Math.abs(estimated[lag]! - expected[lag]!) / error,
        `standard errors at lag ${lag}`,
      ).toBeLessThan(4);
    }
    // Ignoring the censoring makes returns look faster than they are: far outside of what chance explains.
    const error = Math.sqrt(varianceOfLag(expected) / naive.units);
    expect((meanLag(estimated) - meanLag(expected)) / error).toBeGreaterThan(-5);
    expect((meanLag(estimated) - meanLag(expected)) / error).toBeLessThan(5);
    expect((meanLag(naive.shares) - meanLag(expected)) / error).toBeLessThan(-10);
  });
});
