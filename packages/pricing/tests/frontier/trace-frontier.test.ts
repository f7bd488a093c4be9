import { expect, describe, it } from 'vitest';
import { spreadValues } from '../../src/frontier/frontier-values.ts';
import { frontierTable, FRONTIER_SCHEMA } from '../../src/frontier/frontier-table.ts';
import { traceFrontier, type FrontierOptions } from '../../src/frontier/trace-frontier.ts';
import { parseLimits } from '../../src/limits/parse-limits.ts';
import { priceArticles } from '../../src/recommendations/price-articles.ts';
import { smallMarket, type Changes } from '../inputs/small-market.ts';

type Rows = Record<string, string | number | null>[];

/** Sixteen articles whose demand answers differently to discounts: two alone would fill a limit or not. */
const ARTICLES = Array.from({ length: 16 }, (_, i) => `A${String(i).padStart(2, '0')}`);
const copied = (rows: Rows): Rows =>
  ARTICLES.flatMap((article) =>
    rows.filter((row) => row['article'] === 'A').map((row) => ({ ...row, article })),
  );
const MANY: Changes = {
  articles: ARTICLES.map((article) => ({ article })),
  weekly: copied,
  demand: (rows) =>
    copied(rows).map((row) => {
      const i = ARTICLES.indexOf(row['article'] as string);
      const discount = row['discount'] as number;
      return { ...row, demand: (6 + (i % 7)) * (1 - discount) ** -(1 + (i % 5) / 2) };
    }),
};
const { table, bad } = smallMarket(MANY);

const LIMITS = `business:
  - { name: rate, limit: discount-rate, upper: 0.01 }
  - { name: sold, limit: units, lower: 10 }
`;

const SETTINGS = { variableCostShare: 0, certain: true };

function options(limit: string, text = LIMITS): FrontierOptions {
  return {
    ...{ limits: parseLimits(text, 'limits.yaml'), settings: SETTINGS, minimumGain: 0, bad },
    ...{ gap: 0.005, evaluations: 8, limit, points: 3 },
  };
}

const rate = await traceFrontier(table, { ...options('rate'), values: [0.02, 0.05, 0.15, 0.25] });

describe('traceFrontier', () => {
  it('keeps every bound, and tells what may be missed', () => {
    expect(rate.points.filter(({ isLimit }) => isLimit).map(({ side, bound }) => [side, bound])).toEqual([
      ['at most', 0.01],
    ]);
    for (const { side, bound, value, profit, profitBound, gap, isFeasible } of rate.points) {
      expect(isFeasible).toBe(true);
      if (side === 'at most') expect(value).toBeLessThanOrEqual(bound! * (1 + 1e-5));
      if (side === 'at least') expect(value).toBeGreaterThanOrEqual(bound! * (1 - 1e-5));
      expect(profitBound).toBeGreaterThanOrEqual(profit!);
      expect(gap).toBeCloseTo((profitBound! - profit!) / profit!, 9);
      // Sixteen articles fill a limit by whole plans.
      expect(gap).toBeLessThan(0.02);
    }
  });

  it('is highest without the limit, and falls on both sides of that', () => {
    const profits = rate.points.map(({ profit }) => profit!);
    const top = rate.points.findIndex(({ side }) => side === 'free');
    expect(profits[top]).toBe(Math.max(...profits));
    profits.forEach((profit, i) => {
      if (i > 0 && i <= top) expect(profit).toBeGreaterThanOrEqual(profits[i - 1]!);
      if (i > top) expect(profit).toBeLessThanOrEqual(profits[i - 1]!);
    });
    expect(new Set(profits).size).toBeGreaterThan(2);
  });

  it('earns what a solve of its own earns, in fewer evaluations', async () => {
    const limits = parseLimits('business: [{ limit: discount-rate, lower: 0.25 }]', 'limits.yaml');
    const { found } = await priceArticles(table, { ...options(''), limits });
    const { profit, profitBound, evaluations } = rate.points.at(-1)!;
    expect(found.choice.value).toBeLessThanOrEqual(profitBound! * (1 + 1e-9));
    expect(profit).toBeLessThanOrEqual(found.bound * (1 + 1e-9));
    expect(found.evaluations).toBeGreaterThan(1);
    expect(evaluations).toBeLessThan(found.evaluations);
  });

  it('moves a limit of units as well, says which values nothing keeps, and does not solve those beyond', async () => {
    const { value } = rate.points.find(({ side }) => side === 'free')!;
    expect(value).toBeGreaterThan(0);
    const { points } = await traceFrontier(table, {
      ...options('sold', 'business: [{ name: sold, limit: units, lower: 10 }]'),
      values: [10000, 20000],
    });
    const [free, ...missed] = points;
    expect(free).toMatchObject({ side: 'free', isFeasible: true, bound: null, worthOfOne: null });
    expect(missed.map(({ bound, profit, isFeasible }) => [bound, profit, isFeasible])).toEqual([
      [10000, null, false],
      [20000, null, false],
    ]);
    expect(missed[0]!.evaluations).toBeGreaterThan(0);
    expect(missed[1]!.evaluations).toBe(0);
    expect(missed[0]!.value).toBeGreaterThan(free!.value!);
    expect(missed[0]!.value).toBeLessThan(10000);
  });

  it('gives the same in threads', async () => {
    const of = async (threads: number) => {
      const { points } = await traceFrontier(table, {
        ...options('rate'),
        values: [0.25],
        threads,
        gap: 0.02,
      });
      return points.map(({ seconds: _, ...point }) => point);
    };
    expect(await of(2)).toEqual(await of(1));
  });

  it('gives a table of the declared schema', () => {
    const batch = frontierTable(rate);
    expect(batch.length).toBe(rate.points.length);
    expect(batch.schema.fields.map(({ name, type }) => `${name} ${type}`)).toEqual(
      FRONTIER_SCHEMA.fields.map(({ name, type }) => `${name} ${type}`),
    );
  });

  it.each([
    ['rat', {}, /no limit of the business called rat .*expected one of rate, sold. Did you mean rate\?/],
    ['rate', { points: 1 }, /two points or more; expected a whole number from 2, found 1/],
    ['rate', { values: [20] }, /rate cannot be at this value; expected fractions in \[0, 1\), such as 0.2/],
  ])('refuses %s with %j', async (limit, more, message) => {
    await expect(traceFrontier(table, { ...options(limit), ...more })).rejects.toThrow(message);
  });

  it('needs a name that is of one limit alone', async () => {
    const twice = 'business: [{ limit: units, lower: 1 }, { limit: units, upper: 90 }]';
    await expect(traceFrontier(table, options('units', twice))).rejects.toThrow(
      /several limits are called units .*Give each a name of its own/,
    );
  });
});

describe('spreadValues', () => {
  const limit = (bounds: object) => ({ name: 'x', line: 1, limit: 'discount-rate' as const, ...bounds });

  it('goes round about the limit and what is free, at round numbers', () => {
    expect(spreadValues(limit({ upper: 0.1 }), 0.2, 5)).toEqual([0.075, 0.113, 0.15, 0.188, 0.225]);
    expect(spreadValues({ ...limit({ upper: 20000 }), limit: 'stock-left' }, 17729, 4)).toEqual([
      15700, 17800, 19900, 22000,
    ]);
  });

  it('leaves no range empty, and none beyond what a value can be', () => {
    const near = spreadValues(limit({ lower: 0 }), 0, 3);
    expect(near[0]).toBe(0);
    expect(near.at(-1)).toBeCloseTo(0.02, 9);
    expect(spreadValues(limit({ lower: 0.9 }), NaN, 3).at(-1)).toBe(0.95);
  });
});
