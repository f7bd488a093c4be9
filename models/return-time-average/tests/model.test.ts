import {
  addWeeks,
  concatBatches,
  itemsOf,
  sliceRows,
  stringsToColumn,
  valueAt,
  type Batch,
} from '@hemline/core';
import { syntheticTables } from '@hemline/evaluation/testing';
import { expect, test } from 'vitest';
import model from '../src/model.ts';

const tables = syntheticTables({ articles: 40, seed: 3 });
const hyperparameters = model.hyperparameters.parse({});

async function forecast(cutoff: number): Promise<Batch> {
  const seen = tables.asOf(cutoff);
  const fitted = await model.fit({ cutoff, seed: 1 }, seen, hyperparameters);
  const known = await itemsOf(tables.get('weekly'), tables.get('articles'), tables.get('markets'));
  const stranger = sliceRows(known, 0, 1).with({ market: stringsToColumn(['nowhere']) });
  const items = concatBatches([known, stranger]);
  const batches: Batch[] = [];
  const scenarios = {
    kind: 'grid',
    weeks: new Int32Array(0),
    discounts: new Float64Array(0),
    plan: null,
  } as const;
  for await (const batch of fitted.predict({ cutoff, items, history: seen, scenarios, batchRows: 100 }))
    batches.push(batch);
  return concatBatches(batches);
}

/** A unit is back in the next week with a chance of 25%; what is left at week 14 is back then. */
const truth = (lag: number): number => (lag < 14 ? 0.25 * 0.75 ** lag : 0.75 ** 14);

test('the true distribution comes out, although the last 14 weeks are censored', async () => {
  const rows = await forecast(tables.lastWeek);
  const lags = rows.numbers('lag').values;
  const support = rows.floats('support');
  const errors = rows.floats('share').map((share, row) => Math.abs(share - truth(lags[row]!)));
  // A market never seen takes the hazards of everything, which thousands of returns stand behind.
  const everything = errors.filter((_, row) => valueAt(rows.column('market'), row) === 'nowhere');
  expect(everything).toHaveLength(15);
  expect(Math.max(...everything)).toBeLessThan(0.02);
  // The standard error of a share of 0.25 of 100 units is 0.043.
  const wellSupported = errors.filter((_, row) => support[row]! >= 100);
  expect(wellSupported.length).toBeGreaterThan(100);
  expect(Math.max(...wellSupported)).toBeLessThan(0.1);
});

test('censoring does not shift the mean: an early cutoff tells the same as a late one', async () => {
  const meanLag = async (cutoff: number): Promise<number> => {
    const fitted = await model.fit({ cutoff, seed: 1 }, tables.asOf(cutoff), hyperparameters);
    return fitted.metrics['meanWeeks']!;
  };
  const expected = Array.from({ length: 15 }, (_, lag) => lag * truth(lag)).reduce(
    (sum, one) => sum + one,
    0,
  );
  expect(Math.abs((await meanLag(tables.lastWeek)) - expected)).toBeLessThan(0.2);
  expect(Math.abs((await meanLag(addWeeks(tables.firstWeek, 20))) - expected)).toBeLessThan(0.35);
});

test('each item has the lags 0 … 14 in order, and its shares sum to 1', async () => {
  const rows = await forecast(tables.lastWeek);
  const share = rows.floats('share');
  for (let start = 0; start < rows.length; start += 15) {
    let sum = 0;
    for (let lag = 0; lag < 15; lag++) {
      expect(valueAt(rows.column('lag'), start + lag)).toBe(lag);
      expect(valueAt(rows.column('article'), start + lag)).toBe(valueAt(rows.column('article'), start));
      sum += share[start + lag]!;
    }
    expect(sum).toBeCloseTo(1, 12);
  }
});

test('a smaller maximum lag than the data has is an error that names the hyperparameter', async () => {
  const fit = model.fit({ cutoff: tables.lastWeek, seed: 1 }, tables.asOf(tables.lastWeek), {
    maximumLag: 5,
  });
  await expect(fit).rejects.toThrow(/0 to 5 whole weeks.*hyperparameter/);
});
