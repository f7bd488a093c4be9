import { describe, expect, it } from 'vitest';
import { COORDINATION_DEFAULTS, coordinate } from '../../src/coordinator/coordinate.ts';
import { loadHighs } from '../../src/coordinator/load-highs.ts';
import type { LinkingRow, Portfolio } from '../../src/coordinator/linking-row.ts';
import { enumeratedPortfolio, exactOptimum, tinyMarket, type EnumeratedArticle } from './enumerated.ts';

const highs = await loadHighs();

describe('coordinate', () => {
  it.each(Array.from({ length: 20 }, (_, i) => [i + 1, 10 + 10 * (i % 5)]))(
    'instance %i of %i articles is within half a per cent of the optimum',
    async (seed, count) => {
      const { articles, rows } = tinyMarket(seed, count);
      const exact = exactOptimum(highs, articles, rows);
      const found = await coordinate(enumeratedPortfolio(articles, rows), highs);
      expect(found.choice.isFeasible).toBe(true);
      // Added up again from the plans themselves.
      let [profit, use] = [0, new Float64Array(rows.length)];
      articles.forEach(({ plans, profit: of, use: uses }, a) => {
        const own = found.levels.subarray(3 * a, 3 * a + 3);
        const k = plans.findIndex((plan) => plan.every((level, t) => level === own[t]));
        profit += of[k]!;
        use = use.map((sum, r) => sum + uses[k * rows.length + r]!);
      });
      rows.forEach(({ bound, price }, r) => {
        if (price === null) expect(use[r]!).toBeLessThanOrEqual(bound + 1e-6 * Math.abs(bound) + 1e-3);
        else profit -= price * Math.max(0, use[r]! - bound);
      });
      expect(found.choice.value).toBeCloseTo(profit, 4);
      expect(found.choice.value).toBeGreaterThanOrEqual(exact.bound * (1 - 0.005));
      expect(found.choice.value).toBeLessThanOrEqual(exact.bound * (1 + 1e-6));
      expect(found.bound).toBeGreaterThanOrEqual(exact.value * (1 - 1e-9));
    },
  );

  it('gives the same plans whatever the order in which evaluations are made', async () => {
    const { articles, rows } = tinyMarket(7, 30);
    const [a, b] = [
      await coordinate(enumeratedPortfolio(articles, rows), highs),
      await coordinate(enumeratedPortfolio(articles, rows), highs),
    ];
    expect(b.levels).toEqual(a.levels);
    expect(b.multipliers).toEqual(a.multipliers);
    expect(b.bound).toBe(a.bound);
  });

  it('closes the gap of many articles in few evaluations', async () => {
    const { articles, rows } = tinyMarket(3, 5200);
    const found = await coordinate(enumeratedPortfolio(articles, rows), highs);
    expect(found.gap).toBeLessThanOrEqual(0.005);
    // A sample has found the multipliers before all articles are planned.
    expect(found.evaluations).toBeLessThanOrEqual(3);
  });

  it('tries other multipliers where the plans are at their best and bounds of articles are loose', async () => {
    const { articles, rows } = tinyMarket(12, 20);
    const tight = enumeratedPortfolio(articles, rows);
    const asked: string[] = [];
    const loose: Portfolio = {
      ...tight,
      evaluate: async (multipliers) => {
        asked.push(multipliers.join());
        const found = await tight.evaluate(multipliers);
        return { ...found, bound: found.bound.map((value) => value + 0.004 * Math.abs(value)) };
      },
    };
    await coordinate(loose, highs, { gap: 0.001, evaluations: 8 });
    expect(asked.length).toBe(8);
    expect(new Set(asked).size).toBe(8);
  });

  it('needs no multipliers where nothing is limited', async () => {
    const { articles } = tinyMarket(5, 20);
    const none = articles.map(({ plans, profit }) => ({ plans, profit, use: new Float64Array(0) }));
    const found = await coordinate(enumeratedPortfolio(none, []), highs);
    expect(found.gap).toBe(0);
    expect(found.evaluations).toBe(1);
  });

  it('prices a limit as what a little more of it earns', async () => {
    const { articles, rows } = tinyMarket(11, 400);
    const budget = (bound: number): LinkingRow[] =>
      rows.map((row, r) => ({ ...row, bound: r === 4 ? bound : 1e9 }));
    const at = rows[4]!.bound;
    const step = 0.01 * at;
    const run = (bound: number) =>
      coordinate(enumeratedPortfolio(articles, budget(bound)), highs, {
        ...COORDINATION_DEFAULTS,
        gap: 1e-4,
      });
    const [less, middle, more] = [await run(at - step), await run(at), await run(at + step)];
    const slope = (more.choice.value - less.choice.value) / (2 * step);
    expect(middle.multipliers[4]).toBeGreaterThan(0);
    expect(middle.multipliers[4]).toBeCloseTo(slope, 1);
  });

  it('says by how much a hard limit is missed that cannot be met', async () => {
    const { articles, rows } = tinyMarket(4, 12);
    const impossible = rows.map((row, r) => (r === 4 ? { ...row, bound: -1 } : row));
    const found = await coordinate(enumeratedPortfolio(articles, impossible), highs, {
      gap: 0.005,
      evaluations: 12,
    });
    expect(found.choice.isFeasible).toBe(false);
    expect(found.gap).toBe(Infinity);
    // The nearest to it is to give no discount at all.
    expect(found.choice.use[4]).toBeCloseTo(0, 6);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'ends soon where a bound proves that no plans keep the limits, and not where some can: instance %i',
    async (seed) => {
      const { articles, rows } = tinyMarket(seed, 25);
      // Plans without any discount use nothing of the budget, and all others more.
      const most = articles.reduce((sum, { use }) => sum + Math.max(...use.filter((_, i) => i % 5 === 4)), 0);
      const solve = (budget: number) => {
        const own = enumeratedPortfolio(
          articles,
          rows.map((row, r) => ({ ...row, bound: r === 4 ? budget : 1e9 })),
        );
        return coordinate({ ...own, known: withLeast(articles) }, highs);
      };
      const impossible = await solve(-0.01 * most);
      expect(impossible.choice.isFeasible).toBe(false);
      expect(impossible.evaluations).toBeLessThan(12);
      expect(impossible.choice.use[4]).toBeCloseTo(0, 6);
      const possible = await solve(0);
      expect(possible.choice.isFeasible).toBe(true);
      expect(possible.choice.use[4]).toBeCloseTo(0, 6);
    },
  );

  it('pays the price of a soft limit where that is cheaper, and no more', async () => {
    const { articles, rows } = tinyMarket(6, 60);
    const priced = (price: number): LinkingRow[] =>
      rows.map((row, r) => (r === 4 ? { ...row, price } : { ...row, bound: 1e9 }));
    const cheap = await coordinate(enumeratedPortfolio(articles, priced(1e-6)), highs);
    const dear = await coordinate(enumeratedPortfolio(articles, priced(1e3)), highs);
    expect(cheap.choice.use[4]).toBeGreaterThan(rows[4]!.bound);
    expect(cheap.multipliers[4]).toBeLessThanOrEqual(1e-6);
    expect(dear.choice.use[4]).toBeLessThanOrEqual(rows[4]!.bound + 1e-3);
    expect(dear.choice.penalty).toBeLessThan(1);
  });

  it('stops when asked to', async () => {
    const { articles, rows } = tinyMarket(8, 10);
    const stop = new AbortController();
    const portfolio: Portfolio = enumeratedPortfolio(articles, rows);
    stop.abort();
    await expect(
      coordinate(portfolio, highs, { gap: 0, evaluations: 9 }, { signal: stop.signal }),
    ).rejects.toThrow('asked to stop');
  });
});

/** Plans that were found already, and what no plan earns less than. */
function withLeast(articles: readonly EnumeratedArticle[]): Portfolio['known'] {
  return (first) =>
    Promise.resolve([{ ...first, bound: Float64Array.from(articles, ({ profit }) => Math.min(...profit)) }]);
}
