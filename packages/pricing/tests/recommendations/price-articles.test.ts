import { concatBatches, valueAt, type Batch } from '@hemline/core';
import { describe, expect, it } from 'vitest';
import { portfolioOf } from '../../src/coordinator/thread-messages.ts';
import { ThreadedPortfolio } from '../../src/coordinator/threaded-portfolio.ts';
import { parseLimits } from '../../src/limits/parse-limits.ts';
import { priceArticles, type PriceArticlesOptions } from '../../src/recommendations/price-articles.ts';
import type { PlanTotals } from '../../src/recommendations/plan-totals.ts';
import { ARTICLES_SCHEMA, LIMITS_SCHEMA, RECOMMENDATIONS_SCHEMA } from '../../src/recommendations/schemas.ts';
import { smallMarket, type Changes } from '../inputs/small-market.ts';

const ITEMS: Changes = {
  items: {
    'return-rate': [{ article: 'A', market: 'DE', returnRate: 0.5 }],
    'fulfillment-cost': [{ article: 'A', market: 'DE', shippingCost: 3, returnCost: 4 }],
  },
};

async function priced(text = '', changes: Changes = {}, options: Partial<PriceArticlesOptions> = {}) {
  const { table, bad } = smallMarket({ ...ITEMS, ...changes });
  const settings = { variableCostShare: 0, certain: true };
  const { found, recommender, optimism } = await priceArticles(table, {
    ...{
      limits: parseLimits(text, 'limits.yaml'),
      settings,
      bad,
      minimumGain: 0,
      gap: 0.005,
      evaluations: 40,
      ...options,
    },
  });
  const batches: { recommendations: Batch; articles: Batch }[] = [];
  const rows = recommender.batches();
  let next = rows.next();
  for (; next.done !== true; next = rows.next()) batches.push(next.value);
  const totals: PlanTotals = next.value;
  return {
    ...{ found, optimism, totals, limits: recommender.limits() },
    recommendations: concatBatches(batches.map((each) => each.recommendations)),
    articles: concatBatches(batches.map((each) => each.articles)),
  };
}

function rowOf(batch: Batch, row: number): Record<string, unknown> {
  return Object.fromEntries([...batch.columns].map(([name, column]) => [name, valueAt(column, row)]));
}

describe('priceArticles', () => {
  it('gives tables of the declared schemas', async () => {
    const { recommendations, articles, limits } = await priced('business: [{ limit: units, upper: 1000 }]');
    for (const [batch, schema] of [
      [recommendations, RECOMMENDATIONS_SCHEMA],
      [articles, ARTICLES_SCHEMA],
      [limits!, LIMITS_SCHEMA],
    ] as const)
      expect(batch.schema.fields.map(({ name, type }) => `${name} ${type}`)).toEqual(
        schema.fields.map(({ name, type }) => `${name} ${type}`),
      );
    expect([recommendations.length, articles.length, limits!.length]).toEqual([12, 2, 1]);
  });

  it('adds up: rows to articles, articles to totals, against holding', async () => {
    const { recommendations, articles, totals } = await priced();
    const profit = recommendations.floats('profit');
    const held = recommendations.floats('heldProfit');
    // Nothing left has any worth here, so that rows are all there is.
    const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
    expect(sum(profit)).toBeCloseTo(totals.profit, 6);
    expect(sum(articles.floats('profit'))).toBeCloseTo(totals.profit, 6);
    expect(sum(held)).toBeCloseTo(totals.heldProfit, 6);
    expect(sum(articles.floats('gain'))).toBeCloseTo(totals.profit - totals.heldProfit, 6);
    expect(totals.profit).toBeGreaterThanOrEqual(totals.heldProfit);
    expect(sum(recommendations.floats('sales'))).toBeCloseTo(totals.unitsSold, 6);
    expect(Object.values(totals.reasons).reduce((a, b) => a + b)).toBe(12);
    // Article A in Germany: half of it comes back, at 4 a unit, and shipping costs 3.
    const first = rowOf(recommendations, 0) as Record<string, number>;
    expect(first['returns']).toBeCloseTo(first['sales']! * 0.5, 6);
    expect(first['profit']).toBeCloseTo(first['sales']! * (0.5 * first['price']! - 3 - 2), 6);
  });

  it('tells who decided', async () => {
    const { recommendations } = await priced('articles: [{ where: { market: PL }, discount: 0 }]');
    const reasons = Array.from({ length: 12 }, (_, row) => rowOf(recommendations, row));
    for (const { market, reason, discount } of reasons) {
      expect(reason === 'person').toBe(market === 'PL');
      if (market === 'PL') expect(discount).toBe(0);
    }
    const held = await priced('', {}, { minimumGain: 10 });
    expect(held.totals.reasons['hold']).toBe(12);
    expect(held.totals.changed).toBe(0);
    const limited = await priced('business: [{ limit: discount-rate, lower: 0.35 }]');
    expect(limited.totals.reasons['limit']).toBeGreaterThan(0);
  });

  it('holds a stock that is scarce for a higher price, and sells off one that would be left', async () => {
    const stock = (units: number): Changes => ({
      weekly: (rows) =>
        rows.map((row) => ({ ...row, stock: row['stock'] === null ? null : units, delivery: 0 })),
    });
    const scarce = await priced('', stock(16));
    expect(new Set(scarce.recommendations.floats('discount'))).toEqual(new Set([0]));
    expect(scarce.totals.reasons['stock']! + scarce.totals.reasons['hold']!).toBeGreaterThan(6);
    const plenty = await priced('', stock(400));
    expect(plenty.totals.reasons['stock']).toBe(0);
  });

  it('keeps discounts of a plan, and finds the others around them', async () => {
    const planned = new Float64Array(12).fill(NaN);
    planned.set([0.4, 0.3], 3);
    const { recommendations } = await priced('', {}, { planned });
    const rows = Array.from({ length: 12 }, (_, row) => rowOf(recommendations, row));
    expect(
      rows
        .slice(3, 6)
        .map(({ discount, reason }) => [discount, reason])
        .slice(0, 2),
    ).toEqual([
      [0.4, 'person'],
      [0.3, 'person'],
    ]);
    expect(rows.filter(({ reason }) => reason === 'person')).toHaveLength(2);
  });

  it('says what a limit costs', async () => {
    const { limits } = await priced('business: [{ name: not so deep, limit: discount-rate, upper: 0.05 }]');
    const row = rowOf(limits!, 0) as Record<string, number & string>;
    expect(row['value']).toBeLessThanOrEqual(0.05 + 1e-6);
    expect(row['isMet']).toBe(true);
    expect(row['lower']).toBeNull();
    expect(row['inWords']).toMatch(/^not so deep: one point more would earn [\d.,]+$/);
  });

  it('says by how much a soft limit is missed, and what that costs', async () => {
    const { limits } = await priced('business: [{ limit: units, lower: 100000, price: 0.01 }]');
    const row = rowOf(limits!, 0) as Record<string, number>;
    expect(row['isMet']).toBe(false);
    expect(row['missedBy']).toBeCloseTo(100000 - row['value']!, 6);
    expect(row['cost']).toBeCloseTo(0.01 * row['missedBy']!, 6);
  });

  it('says of a hard limit that nothing keeps just that', async () => {
    const { limits, found } = await priced(
      'business: [{ name: more, limit: units, lower: 9999 }]',
      {},
      { evaluations: 3 },
    );
    expect(found.choice.isFeasible).toBe(false);
    expect(rowOf(limits!, 0)).toMatchObject({
      ...{ isMet: false, inWords: 'more: no plans were found that keep it' },
    });
  });

  it('estimates optimism that is not negative, and none where there is nothing to choose', async () => {
    const free = await priced();
    expect(free.optimism).toBeGreaterThanOrEqual(0);
    expect(free.optimism).toBeLessThan(0.2);
    const fixed = await priced('articles: [{ discount: 0.2 }]');
    expect(fixed.optimism).toBe(0);
  });

  it('gives the same in any number of threads', async () => {
    const limits = 'business: [{ limit: discount-budget, upper: 900 }]';
    const [one, two] = [await priced(limits), await priced(limits, {}, { threads: 2 })];
    expect(two.found.levels).toEqual(one.found.levels);
    expect(two.found.bound).toBe(one.found.bound);
    expect(two.found.multipliers).toEqual(one.found.multipliers);
    // More threads than articles are not started.
    expect((await priced(limits, {}, { threads: 5 })).found.levels).toEqual(one.found.levels);
  });

  it('ends with the error of a thread', async () => {
    const { table } = smallMarket();
    const parts = {
      ...{ table, limits: parseLimits('business: [{ limit: units, upper: 9 }]', 'limits.yaml') },
      ...{ planned: null, minimumGain: 0, settings: { variableCostShare: 0, certain: true } },
    };
    const threaded = new ThreadedPortfolio(portfolioOf(parts), parts, 1);
    // With such a multiplier no unit has a margin.
    await expect(threaded.evaluate(Float64Array.of(NaN))).rejects.toThrow(/the margin of article A .* NaN/);
    await threaded.close();
  });

  it('gives the same whatever the order that forecasts come in', async () => {
    const one = await priced('business: [{ limit: discount-budget, upper: 900 }]');
    const other = await priced('business: [{ limit: discount-budget, upper: 900 }]', {
      demand: (rows) => rows.toReversed(),
    });
    expect(other.found.levels).toEqual(one.found.levels);
    expect(other.recommendations.floats('profit')).toEqual(one.recommendations.floats('profit'));
  });
});
