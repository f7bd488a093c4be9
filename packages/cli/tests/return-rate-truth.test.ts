import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addWeeks,
  betweenWeeks,
  collect,
  concatBatches,
  itemsOf,
  KeyIndex,
  memoryTable,
  SERIES_KEY,
  weeksAhead,
  type AnyModel,
  type Batch,
  type FittedModel,
  type Tables,
  type Week,
} from '@hemline/core';
import { evaluateFitted } from '@hemline/evaluation';
import { simulateMarket } from '@hemline/market-simulator';
import { openDataset } from '@hemline/runtime';
import { openParquet } from '@hemline/parquet';
import { loadModel } from '@hemline/hemline';

const LEVELS = 15;
const HORIZON = 8;
let folder: string;
let tables: Tables;
let cutoff: Week;
let truth: Batch;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-rates-'));
  const out = join(folder, 'market');
  const market = await simulateMarket({ out, articles: 2000, markets: 3, seed: 1 });
  const dataset = await openDataset(market.observed);
  tables = dataset.tables;
  // All returns of the window are in by the end of the data.
  cutoff = addWeeks(await dataset.lastKnownWeek(), -(14 + HORIZON));
  const batches: Batch[] = [];
  for await (const batch of (await openParquet(join(market.truth, 'returns.parquet'))).batches())
    batches.push(batch);
  truth = concatBatches(batches);
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fit(
  name: string,
  hyperparameters: object = {},
): Promise<{ model: AnyModel; fitted: FittedModel }> {
  const model = await loadModel(name);
  const parsed = model.hyperparameters.parse(hyperparameters) as object;
  return { model, fitted: await model.fit({ cutoff, seed: 1 }, tables.asOf(cutoff), parsed) };
}

const trees = (more: object = {}): ReturnType<typeof fit> =>
  fit('return-rate-trees', { learningRate: 0.15, rounds: 80, threads: 2, ...more });

/** Fitted once, for all that is asked of it. */
let corrected: ReturnType<typeof fit> | undefined;
const correctedTrees = (): ReturnType<typeof fit> => (corrected ??= trees());

async function score(name: ReturnType<typeof fit>): Promise<Readonly<Record<string, number>>> {
  const { model, fitted } = await name;
  return (await evaluateFitted(model, fitted, tables, { cutoff, horizon: HORIZON })).metrics;
}

/** Forecast, true rate at the discounts that were given, and units sold, item by item. */
async function againstTruth(
  fitted: FittedModel,
): Promise<{ forecast: number; rate: number; units: number }[]> {
  const window = betweenWeeks(tables.get('weekly'), 'week', cutoff, addWeeks(cutoff, HORIZON));
  const rows = await collect(window, { columns: [...SERIES_KEY, 'week', 'sales', 'discount'] });
  const index = new KeyIndex(SERIES_KEY);
  const found = index.add(rows);
  const known = new KeyIndex(SERIES_KEY);
  known.add(truth);
  const at = known.find(rows);
  const rates = Array.from({ length: LEVELS }, (_, level) => truth.floats(`return_rate_at_${level * 5}`));
  const [sales, discount] = [rows.floats('sales'), rows.floats('discount')];
  const sums = Array.from({ length: index.size }, () => ({ forecast: 0, rate: 0, units: 0 }));
  found.forEach((item, row) => {
    const units = Number.isNaN(sales[row]) ? 0 : sales[row]!;
    sums[item]!.units += units;
    sums[item]!.rate += units * rates[Math.round(discount[row]! * 20)]![at[row]!]!;
  });
  const items = await itemsOf(memoryTable('weekly', [rows]), tables.find('articles'), tables.find('markets'));
  const weeks = weeksAhead(cutoff, HORIZON);
  const scenarios = { kind: 'grid', weeks, discounts: Float64Array.of(0), plan: rows } as const;
  const request = { cutoff, items, history: tables.asOf(cutoff), scenarios, batchRows: 65_536 };
  for await (const batch of fitted.predict(request)) {
    const forecasts = batch.floats('returnRate');
    index.find(batch).forEach((item, row) => (sums[item]!.forecast = forecasts[row]!));
  }
  return sums
    .filter(({ units }) => units > 0)
    .map(({ forecast, rate, units }) => ({ forecast, rate: rate / units, units }));
}

/** Difference between forecast and truth in each tenth of the units, by rising forecast. */
function tenths(rows: readonly { forecast: number; rate: number; units: number }[]): number[] {
  const sorted = rows.toSorted((a, b) => a.forecast - b.forecast);
  const total = sorted.reduce((sum, { units }) => sum + units, 0);
  const bias = new Float64Array(10);
  const mass = new Float64Array(10);
  let before = 0;
  for (const { forecast, rate, units } of sorted) {
    const tenth = Math.min(9, Math.floor((10 * before) / total));
    bias[tenth]! += units * (forecast - rate);
    mass[tenth]! += units;
    before += units;
  }
  return [...bias.map((sum, tenth) => sum / mass[tenth]!)];
}

describe('return rates on the simulated market', () => {
  it('trees beat the average and trees that ignore open returns, in log loss and Brier score', async () => {
    const best = await score(correctedTrees());
    const average = await score(fit('return-rate-average'));
    const ignorant = await score(trees({ maturityCorrection: false, rounds: 40 }));
    for (const metric of ['logLoss', 'brier', 'rmse'] as const) {
      expect(best[metric], metric).toBeLessThan(average[metric]!);
      expect(best[metric], metric).toBeLessThan(ignorant[metric]!);
    }
    // Young cohorts look better than they are where nobody waits for their returns.
    expect(Math.abs(best['bias']!)).toBeLessThan(0.03);
    expect(ignorant['bias']!).toBeLessThan(-0.08);
  }, 120_000);

  it('forecasts are calibrated in every tenth', async () => {
    const { fitted } = await correctedTrees();
    for (const difference of tenths(await againstTruth(fitted)))
      expect(Math.abs(difference)).toBeLessThan(0.02);
  }, 120_000);
});
