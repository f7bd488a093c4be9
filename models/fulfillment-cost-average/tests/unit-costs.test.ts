import { Batch, memoryTable, schemaOf, stringsToColumn, Tables } from '@hemline/core';
import { BatchBuilder, SeededRandom } from '@hemline/evaluation/testing';
import { describe, expect, test } from 'vitest';
import { UnitCosts } from '../src/unit-costs.ts';

type Row = [
  article: string,
  market: string,
  shipped: number,
  shipping: number,
  back: number,
  returning: number,
];

const job = { cutoff: 19_002, seed: 1 };

function tablesOf(rows: readonly Row[], groups: Readonly<Record<string, string | null>> = {}): Tables {
  const fulfillment = new BatchBuilder(
    schemaOf(
      { name: 'article', type: 'string' },
      { name: 'market', type: 'string' },
      { name: 'shippedUnits', type: 'float64' },
      { name: 'shippingCost', type: 'float64' },
      { name: 'returnedUnits', type: 'float64' },
      { name: 'returnCost', type: 'float64' },
    ),
  );
  for (const row of rows) fulfillment.add(...row);
  const articles = new BatchBuilder(
    schemaOf({ name: 'article', type: 'string' }, { name: 'group', type: 'string', nullable: true }),
  );
  for (const [article, group] of Object.entries(groups)) articles.add(article, group);
  return new Tables([
    memoryTable('fulfillment', [fulfillment.build()], fulfillment.schema),
    ...(articles.rows === 0 ? [] : [memoryTable('articles', [articles.build()], articles.schema)]),
  ]);
}

function items(
  ...rows: readonly (readonly [article: string, group: string | null, market: string])[]
): Batch {
  return new Batch({
    article: stringsToColumn(rows.map((row) => row[0])),
    group: stringsToColumn(rows.map((row) => row[1])),
    market: stringsToColumn(rows.map((row) => row[2])),
  });
}

test('costs are per unit, weighted by units, each cost by its own units', async () => {
  // Two articles without noise: their own costs stand.
  const costs = await UnitCosts.estimate(
    job,
    tablesOf([
      ['a', 'M', 10, 40, 2, 12],
      ['a', 'M', 5, 20, 1, 6],
      ['b', 'M', 10, 60, 0, 0],
      ['b', 'M', 1, 6, 4, 20],
      ['b', 'M', 0, 0, 1, 5],
    ]),
  );
  const { shipping, returning } = costs.lookup(items(['a', null, 'M'], ['b', null, 'M']));
  expect(shipping.value[0]).toBeCloseTo(4, 12);
  expect(shipping.value[1]).toBeCloseTo(6, 12);
  expect([...shipping.support]).toEqual([15, 11]);
  expect(returning.value[0]).toBeCloseTo(6, 12);
  expect(returning.value[1]).toBeCloseTo(5, 12);
  expect([...returning.support]).toEqual([3, 5]);
});

test('a cost without units belongs to no unit', async () => {
  const rows: Row[] = [
    ['a', 'M', 2, 8, 1, 5],
    ['a', 'M', 0, 1000, 0, 1000],
  ];
  const { shipping, returning } = (await UnitCosts.estimate(job, tablesOf(rows))).lookup(
    items(['a', null, 'M']),
  );
  expect([shipping.value[0], returning.value[0]]).toEqual([4, 5]);
});

describe('a market of 60 articles in 3 groups', () => {
  const random = new SeededRandom(9);
  const rows: Row[] = [];
  const groups: Record<string, string> = {};
  const truth = new Map<string, number>();
  for (let at = 0; at < 60; at++) {
    const article = `a${at}`;
    groups[article] = `g${at % 3}`;
    truth.set(article, 3 + 2 * (at % 3) + 0.6 * (random.uniform() - 0.5));
    for (let week = 2 + random.below(4); week > 0; week--) {
      const units = 1 + random.below(5);
      const cost = units * truth.get(article)! + Math.sqrt(units) * 2 * (random.uniform() - 0.5);
      rows.push([article, 'M', units, cost, 1, 4]);
    }
  }

  test('shrunk costs are nearer the truth than those of the article and of the market', async () => {
    const costs = await UnitCosts.estimate(job, tablesOf(rows, groups));
    const names = [...truth.keys()];
    const { shipping } = costs.lookup(items(...names.map((name) => [name, groups[name]!, 'M'] as const)));
    const error = (estimate: (name: string, at: number) => number): number =>
      names.reduce((sum, name, at) => sum + (estimate(name, at) - truth.get(name)!) ** 2, 0);
    const own = (name: string): number => {
      const mine = rows.filter(([article]) => article === name);
      return mine.reduce((sum, row) => sum + row[3], 0) / mine.reduce((sum, row) => sum + row[2], 0);
    };
    const shrunk = error((_, at) => shipping.value[at]!);
    expect(shrunk).toBeLessThan(0.8 * error(own));
    expect(shrunk).toBeLessThan(0.1 * error(() => costs.shipping.overall));
  });

  test('a new article costs what its group does, a new group what the market does', async () => {
    const costs = await UnitCosts.estimate(job, tablesOf(rows, groups));
    const { shipping } = costs.lookup(items(['new', 'g2', 'M'], ['new', 'hat', 'M'], ['new', null, 'N']));
    expect(shipping.value[0]).toBeCloseTo(7, 0);
    expect(shipping.value[1]).toBeCloseTo(5, 0);
    expect(shipping.value[2]).toBe(costs.shipping.overall);
    expect([...shipping.support]).toEqual([0, 0, 0]);
    const { dictionary, values } = shipping.supportLevel;
    expect([...values].map((code) => dictionary[code])).toEqual(['group', 'market', 'all']);
  });
});

test('without any return its cost is unknown, and the error says so', async () => {
  await expect(UnitCosts.estimate(job, tablesOf([['a', 'M', 2, 8, 0, 0]]))).rejects.toThrow(
    /no return cost to average/,
  );
});
