import { concatBatches, valueAt, type Batch } from '@hemline/core';
import { describe, expect, it } from 'vitest';
import { PlanValuer } from '../../src/decisions/plan-valuer.ts';
import { SeriesFinder } from '../../src/decisions/series-finder.ts';
import { explorePlans, type ExploredArticles } from '../../src/explore/explore-plans.ts';
import { parseLimits } from '../../src/limits/parse-limits.ts';
import { priceArticles, type PricedArticles } from '../../src/recommendations/price-articles.ts';
import { smallMarket } from '../inputs/small-market.ts';

const SETTINGS = { variableCostShare: 0, certain: true };

async function priced(text = ''): Promise<PricedArticles> {
  const { table, bad } = smallMarket();
  return priceArticles(table, {
    ...{ limits: parseLimits(text, 'limits.yaml'), settings: SETTINGS, bad },
    ...{ minimumGain: 0, gap: 0.005, evaluations: 40 },
  });
}

function rowsOf({ recommender }: PricedArticles): Batch {
  const batches: Batch[] = [];
  const rows = recommender.batches();
  for (let next = rows.next(); next.done !== true; next = rows.next())
    batches.push(next.value.recommendations);
  return concatBatches(batches);
}

const explored = (from: PricedArticles, seed: number, share = 1): ExploredArticles =>
  explorePlans(from, { share, seed, experiment: 'price-1' });

describe('explorePlans', () => {
  it('costs what the simulated plans differ by, and leaves the plans as they are', async () => {
    const plan = await priced();
    const before = rowsOf(plan);
    const found = [1, 2, 3, 4, 5].map((seed) => explored(plan, seed));
    for (const each of found) {
      const rows = rowsOf(each);
      const value = (batch: Batch): number => {
        const valuer = new PlanValuer(plan.table, SETTINGS);
        const discount = batch.floats('discount');
        new SeriesFinder(plan.table).cells(batch).forEach((cell, row) => valuer.set(cell, discount[row]!));
        return valuer.value(0) + valuer.value(1);
      };
      expect(each.exploration.cost).toBeCloseTo(value(before) - value(rows), 9);
      expect(each.exploration).toMatchObject({ articles: 2, series: 4, week: '2026-01-12' });
    }
    expect(found.some(({ exploration }) => exploration.moved > 0 && exploration.cost > 0)).toBe(true);
    expect(rowsOf(plan)).toEqual(before);
  });

  it('tells propensity and experiment of the first week alone, from the discounts that could be drawn', async () => {
    const rows = rowsOf(explored(await priced(), 1));
    const first = rows.weeks('week')[0];
    for (let row = 0; row < rows.length; row++) {
      const isFirst = rows.weeks('week')[row] === first;
      const [propensity, experiment] = ['propensity', 'experiment'].map((name) =>
        valueAt(rows.column(name), row),
      );
      expect(propensity !== null).toBe(isFirst);
      expect(valueAt(rows.column('reason'), row) === 'explore').toBe(isFirst);
      if (!isFirst) continue;
      const open = String(experiment).replace('price-1 ', '').split(' ').map(Number);
      expect(open).toContain(rows.floats('discount')[row]);
      expect(propensity).toBe(1 / open.length);
    }
  });

  it('leaves alone what a person has fixed, and what limits forbid', async () => {
    const text = `articles:
  - { where: { article: A, market: DE }, discount: 0.2 }
  - { where: { article: A, market: PL }, deepenOnly: true }
  - { where: { article: B }, changes: 0 }
`;
    const plan = await priced(text);
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const rows = rowsOf(explored(plan, seed));
      const discount = rows.floats('discount');
      // Weeks of A in Germany, A in Poland (never below today's 20 %), and B, which may not change.
      expect([...discount.subarray(0, 3)]).toEqual([0.2, 0.2, 0.2]);
      expect(discount[3]).toBeGreaterThanOrEqual(0.2);
      for (let row = 4; row < 6; row++) expect(discount[row]).toBeGreaterThanOrEqual(discount[row - 1]!);
      expect(new Set(discount.subarray(6))).toEqual(new Set([0.2]));
      for (const row of [0, 6, 9]) expect(valueAt(rows.column('propensity'), row)).toBeNull();
    }
  });

  it('explores no more than the share', async () => {
    const plan = await priced();
    expect(explored(plan, 1, 0.5).exploration).toMatchObject({ articles: 1, series: 2 });
    expect(explored(plan, 1, 0.49).exploration).toMatchObject({ articles: 0, series: 0, moved: 0, cost: 0 });
  });

  it('says where it misses a limit of the business that the plan keeps', async () => {
    const plan = await priced('business: [{ name: rate, limit: discount-rate, upper: 0.2, lower: 0.2 }]');
    expect(plan.recommender.limits()!.column('isMet').values[0]).toBe(1);
    const missing = [1, 2, 3, 4].map((seed) => explored(plan, seed).recommender.limits()!);
    const row = missing.find((limits) => limits.column('isMet').values[0] === 0)!;
    expect(valueAt(row.column('inWords'), 0)).toBe('rate: the plan keeps it, what is explored does not');
  });
});
