import {
  addWeeks,
  Batch,
  boolColumn,
  dateColumn,
  float64Column,
  itemsOf,
  stringsToColumn,
  Tables,
  validityWithout,
  valueAt,
  type Scenarios,
} from '@hemline/core';
import { cut } from '@hemline/evaluation/testing';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import model from '../src/model.ts';

/** What `golden/make.py` writes: a panel, what is asked, and pandas' forecasts. */
interface Golden {
  season: number;
  window: number;
  cutoff: number;
  weekly: {
    article: string[];
    market: string[];
    week: number[];
    demand: (number | null)[];
    uncensored: number[];
  };
  asked: { article: string[]; market: string[]; week: number[] };
  forecasts: Record<'last' | 'mean' | 'seasonal', { demand: number[]; support: number[] }>;
}

const golden = JSON.parse(readFileSync(new URL('golden/naive.json', import.meta.url), 'utf8')) as Golden;

/** Weekly rows of one market `m`, by article: [week, demand]. */
function weeklyOf(
  rows: readonly (readonly [article: string, week: number, demand: number | null, uncensored?: boolean])[],
): Batch {
  const missing = rows.flatMap(([, , demand], row) => (demand === null ? [row] : []));
  return new Batch({
    article: stringsToColumn(rows.map(([article]) => article)),
    market: stringsToColumn(rows.map(() => 'm')),
    week: dateColumn(Int32Array.from(rows, ([, week]) => week)),
    demand: float64Column(
      Float64Array.from(rows, ([, , demand]) => demand ?? 0),
      validityWithout(rows.length, missing),
    ),
    uncensored: boolColumn(Uint8Array.from(rows, ([, , , uncensored]) => (uncensored === false ? 0 : 1))),
  });
}

async function forecast(
  weekly: Batch,
  cutoff: number,
  scenarios: Scenarios,
  hyperparameters: Record<string, unknown> = {},
  items?: Batch,
): Promise<Batch> {
  const tables = new Tables([cut('weekly', weekly, 100)]);
  const fitted = await model.fit({ cutoff, seed: 1 }, tables, model.hyperparameters.parse(hyperparameters));
  const asked = items ?? (await itemsOf(tables.get('weekly')));
  const request = { cutoff, items: asked, history: tables.asOf(cutoff), scenarios, batchRows: 1e6 };
  for await (const batch of fitted.predict(request)) return batch;
  throw new Error('no forecast');
}

const grid = (cutoff: number, weeks: number, discounts = [0]): Scenarios => ({
  kind: 'grid',
  weeks: Int32Array.from({ length: weeks }, (_, i) => addWeeks(cutoff, i + 1)),
  discounts: Float64Array.from(discounts),
  plan: null,
});

describe('forecasts equal those of pandas', () => {
  test.each(['last', 'mean', 'seasonal'] as const)('%s', async (method) => {
    const { article, market, week, demand, uncensored } = golden.weekly;
    const missing = demand.flatMap((value, row) => (value === null ? [row] : []));
    const weekly = new Batch({
      article: stringsToColumn(article),
      market: stringsToColumn(market),
      week: dateColumn(Int32Array.from(week)),
      demand: float64Column(
        Float64Array.from(demand, (value) => value ?? 0),
        validityWithout(demand.length, missing),
      ),
      uncensored: boolColumn(Uint8Array.from(uncensored)),
    });
    const rows = new Batch({
      article: stringsToColumn(golden.asked.article),
      market: stringsToColumn(golden.asked.market),
      week: dateColumn(Int32Array.from(golden.asked.week)),
      discount: float64Column(new Float64Array(golden.asked.week.length)),
    });
    const { season, window } = golden;
    const given = await forecast(
      weekly,
      golden.cutoff,
      { kind: 'planned', rows },
      { method, season, window },
    );
    const expected = golden.forecasts[method];
    expect(given.length).toBe(expected.demand.length);
    given.floats('demand').forEach((value, row) => expect(value).toBeCloseTo(expected.demand[row]!, 12));
    expect([...given.floats('support')]).toEqual(expected.support);
  });
});

describe('what counts as observed', () => {
  const weekly = weeklyOf([
    ['a', 700, 3],
    ['a', 714, null],
    ['a', 707, 5],
    ['b', 700, 9],
    ['b', 707, 2, false],
    ['c', 700, null],
  ]);

  test('missing weeks, missing demand and censored weeks do not; the order of rows does not matter', async () => {
    const given = await forecast(weekly, 714, grid(714, 2));
    expect([...given.floats('demand')]).toEqual([5, 5, 9, 9, 7, 7]);
    expect([...given.floats('support')]).toEqual([1, 1, 1, 1, 0, 0]);
  });

  test('a week with zero demand does', async () => {
    const given = await forecast(
      weeklyOf([
        ['a', 700, 3],
        ['a', 707, 0],
      ]),
      707,
      grid(707, 1),
      { method: 'mean' },
    );
    expect([...given.floats('demand')]).toEqual([1.5]);
    expect([...given.floats('support')]).toEqual([2]);
  });
});

test('a series without history gets the mean level of its market, then of all, then 0', async () => {
  const weekly = weeklyOf([
    ['a', 700, 4],
    ['b', 700, 8],
  ]);
  const items = new Batch({
    article: stringsToColumn(['new', 'new']),
    market: stringsToColumn(['m', 'elsewhere']),
  });
  const given = await forecast(weekly, 700, grid(700, 1), {}, items);
  expect([...given.floats('demand')]).toEqual([6, 6]);
  const nothing = await forecast(weeklyOf([['a', 700, null]]), 700, grid(700, 1));
  expect([...nothing.floats('demand')]).toEqual([0]);
});

test('seasonal: a horizon beyond one season goes back to the last season known', async () => {
  const rows = Array.from({ length: 4 }, (_, i) => ['a', 700 + 7 * i, i] as const);
  const given = await forecast(weeklyOf(rows), 721, grid(721, 6), { method: 'seasonal', season: 3 });
  expect([...given.floats('demand')]).toEqual([1, 2, 3, 1, 2, 3]);
});

test('the grid has item after item, week after week, and every discount', async () => {
  const given = await forecast(
    weeklyOf([
      ['a', 700, 4],
      ['b', 700, 8],
    ]),
    700,
    grid(700, 2, [0, 0.5]),
  );
  const rows = Array.from({ length: given.length }, (_, row) =>
    given.names.map((name) => valueAt(given.column(name), row)),
  );
  expect(rows.slice(0, 5)).toEqual([
    ['a', 'm', 707, 0, 4, 1],
    ['a', 'm', 707, 0.5, 4, 1],
    ['a', 'm', 714, 0, 4, 1],
    ['a', 'm', 714, 0.5, 4, 1],
    ['b', 'm', 707, 0, 8, 1],
  ]);
  expect(rows).toHaveLength(8);
});

test('many series fit: the arrays grow', async () => {
  const rows = Array.from({ length: 2000 }, (_, i) => [`a${i >> 1}`, 700 + 7 * (i & 1), i] as const);
  for (const method of ['last', 'mean', 'seasonal']) {
    const given = await forecast(weeklyOf(rows), 707, grid(707, 1), { method, season: 2, window: 1 });
    const expected = Array.from({ length: 1000 }, (_, s) => (method === 'seasonal' ? 2 * s : 2 * s + 1));
    expect([...given.floats('demand')], method).toEqual(expected);
  }
});

test('without a week table there is a SchemaError', async () => {
  const fitted = await model.fit({ cutoff: 700, seed: 1 }, new Tables([]), model.hyperparameters.parse({}));
  const items = new Batch({ article: stringsToColumn(['a']), market: stringsToColumn(['m']) });
  const request = { cutoff: 700, items, history: new Tables([]), scenarios: grid(700, 1), batchRows: 10 };
  await expect(fitted.predict(request)[Symbol.asyncIterator]().next()).rejects.toThrow('no table weekly');
});
