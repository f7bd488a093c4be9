import { addWeeks, type Batch, memoryTable, schemaOf, Tables, type Week } from '@hemline/core';
import { BatchBuilder } from '@hemline/evaluation/testing';
import { describe, expect, test } from 'vitest';
import { RESIDUAL_HIERARCHY, withAge, withClearanceAge } from '../src/age-buckets.ts';
import { estimateValues } from '../src/estimate-values.ts';
import model from '../src/model.ts';

const START: Week = 19_002;
const job = { cutoff: addWeeks(START, 60), seed: 1 };

type Cleared = [
  article: string,
  market: string,
  week: number,
  units: number,
  value: number,
  blackPrice: number,
];
type Article = [
  article: string,
  group: string | null,
  season: string | null,
  launch: number | null,
  end: number | null,
];

function articlesOf(articles: readonly Article[]): BatchBuilder {
  const builder = new BatchBuilder(
    schemaOf(
      { name: 'article', type: 'string' },
      { name: 'group', type: 'string', nullable: true },
      { name: 'season', type: 'string', nullable: true },
      { name: 'launchWeek', type: 'date', nullable: true },
      { name: 'seasonEndWeek', type: 'date', nullable: true },
    ),
  );
  const week = (position: number | null): Week | null =>
    position === null ? null : addWeeks(START, position);
  for (const [article, group, season, launch, end] of articles)
    builder.add(article, group, season, week(launch), week(end));
  return builder;
}

function tablesOf(rows: readonly Cleared[], articles: readonly Article[]): Tables {
  const clearance = new BatchBuilder(
    schemaOf(
      { name: 'article', type: 'string' },
      { name: 'market', type: 'string' },
      { name: 'week', type: 'date' },
      { name: 'units', type: 'float64' },
      { name: 'value', type: 'float64' },
      { name: 'blackPrice', type: 'float64' },
    ),
  );
  for (const [article, market, week, ...rest] of rows)
    clearance.add(article, market, addWeeks(START, week), ...rest);
  const attributes = articlesOf(articles);
  return new Tables([
    memoryTable('clearance', [clearance.build()], clearance.schema),
    ...(attributes.rows === 0 ? [] : [memoryTable('articles', [attributes.build()], attributes.schema)]),
  ]);
}

function itemsOf(articles: readonly Article[], market = 'M'): Batch {
  const attributes = articlesOf(articles).build();
  const values = new Int32Array(attributes.length);
  return attributes.with({
    market: { type: 'string', length: attributes.length, values, dictionary: [market], validity: null },
  });
}

const textsOf = (batch: Batch): (string | null)[] => {
  const { values, dictionary, validity } = batch.strings('age');
  return [...values].map((code, row) => ((validity![row >> 3]! >> (row & 7)) & 1 ? dictionary[code]! : null));
};

describe('age', () => {
  test('is counted in buckets from the launch, and missing without one', () => {
    const items = itemsOf([
      ['a', null, null, 0, null],
      ['b', null, null, -12, null],
      ['c', null, null, -13, null],
      ['d', null, null, -40, null],
      ['e', null, null, 5, null],
      ['f', null, null, null, null],
    ]);
    const aged = withAge(items, () => START, 13);
    expect(textsOf(aged)).toEqual(['0', '0', '13', '39', '0', null]);
  });

  test('of an item is that at the end of its season, or at the cutoff where that is unknown', () => {
    const items = itemsOf([
      ['a', null, null, 0, 30],
      ['a', null, null, 0, null],
    ]);
    expect(textsOf(withClearanceAge(items, addWeeks(START, 70), 10))).toEqual(['30', '70']);
  });
});

/** Two groups, two seasons, two ages: the share of black price of each, the same for all its articles. */
const SHARES = [0.2, 0.3, 0.25, 0.4, 0.5, 0.6, 0.55, 0.7];
const articles: Article[] = SHARES.flatMap((_, at) =>
  [0, 1, 2].map((twin): Article => [
    `a${at}-${twin}`,
    at < 4 ? 'shirt' : 'coat',
    at % 4 < 2 ? 'summer' : 'winter',
    at % 2 === 0 ? 20 : 0,
    28,
  ]),
);
const cleared = articles.flatMap(([article], at): Cleared[] => {
  const share = SHARES[Math.floor(at / 3)]!;
  return [28, 29].map((week, turn) => [
    article,
    'M',
    week,
    10 + turn,
    (10 + turn) * 40 * (share + 0.02 * turn - 0.01),
    40,
  ]);
});

test('the share of black price comes out by group, season and age, for articles never cleared too', async () => {
  const values = await estimateValues(job, tablesOf(cleared, articles), 13);
  const fresh = articles.filter((_, at) => at % 3 === 0).map(([, ...rest]): Article => ['new', ...rest]);
  const found = values.lookup(withClearanceAge(itemsOf(fresh), job.cutoff, 13));
  found.value.forEach((value, at) => expect(Math.abs(value - SHARES[at]!)).toBeLessThan(0.02));
  expect(new Set(found.supportLevel.values)).toEqual(new Set([3]));
  expect([...found.support]).toEqual(Array.from({ length: 8 }, () => 0));
  const own = values.lookup(withClearanceAge(itemsOf(articles), job.cutoff, 13));
  expect([...own.support]).toEqual(articles.map(() => 21));
});

test('what is not known falls back: age, season, group, all', async () => {
  const values = await estimateValues(job, tablesOf(cleared, articles), 13);
  const items = itemsOf([
    ['new', 'shirt', 'summer', null, null],
    ['new', 'shirt', null, null, null],
    ['new', null, null, null, null],
  ]);
  const { value, supportLevel } = values.lookup(withClearanceAge(items, job.cutoff, 13));
  expect([...supportLevel.values].map((code) => supportLevel.dictionary[code])).toEqual([
    'season',
    'group',
    'all',
  ]);
  expect(value[0]).toBeCloseTo(0.25, 1);
  expect(value[1]).toBeCloseTo(0.29, 1);
  expect(value[2]).toBe(values.overall);
});

test('the units of a row are its weight; rows without units or price tell nothing', async () => {
  const rows: Cleared[] = [
    ['a', 'M', 28, 30, 30 * 40 * 0.2, 40],
    ['a', 'M', 29, 10, 10 * 40 * 0.6, 40],
    ['a', 'M', 29, 0, 0, 40],
    ['a', 'M', 29, 5, 5, 0],
  ];
  const values = await estimateValues(job, tablesOf(rows, []), 13);
  expect(values.overall).toBeCloseTo((30 * 0.2 + 10 * 0.6) / 40, 12);
});

test('nothing cleared is an error', async () => {
  await expect(estimateValues(job, tablesOf([], articles), 13)).rejects.toThrow(
    /no residual value to average/,
  );
});

test('a forecast is never above the black price', async () => {
  const rows: Cleared[] = [['a', 'M', 28, 3, 3 * 50, 40]];
  const fitted = await model.fit(job, tablesOf(rows, articles), { ageBucketWeeks: 13 });
  const scenarios = {
    kind: 'grid',
    weeks: new Int32Array(0),
    discounts: new Float64Array(0),
    plan: null,
  } as const;
  const request = {
    cutoff: job.cutoff,
    items: itemsOf(articles),
    history: new Tables([]),
    scenarios,
    batchRows: 5,
  };
  for await (const batch of fitted.predict(request))
    expect(new Set(batch.floats('residualValue'))).toEqual(new Set([1]));
});

test('every level of the hierarchy holds the columns of the one above', () => {
  RESIDUAL_HIERARCHY.slice(1).forEach(({ columns }, at) =>
    expect(columns).toEqual(expect.arrayContaining([...RESIDUAL_HIERARCHY[at]!.columns])),
  );
});
