import { describe, expect, it } from 'vitest';
import { planKeepsLimits } from '../../src/article/plan-limits.ts';
import { ArticlePortfolio } from '../../src/coordinator/article-portfolio.ts';
import { coordinate } from '../../src/coordinator/coordinate.ts';
import { LinkingLimits } from '../../src/coordinator/linking-limits.ts';
import { loadHighs } from '../../src/coordinator/load-highs.ts';
import { compileRules } from '../../src/inputs/article-rules.ts';
import { ProblemFiller } from '../../src/inputs/fill-problem.ts';
import { parseLimits } from '../../src/limits/parse-limits.ts';
import { smallMarket, type Changes } from '../inputs/small-market.ts';

const highs = await loadHighs();

function portfolio(text = '', minimumGain = 0, changes: Changes = {}) {
  const { table } = smallMarket(changes);
  const limits = parseLimits(text, 'limits.yaml');
  const filler = new ProblemFiller(table, compileRules(limits, table), {
    variableCostShare: 0,
    certain: true,
  });
  const linking = new LinkingLimits(limits, table);
  return { table, filler, linking, made: new ArticlePortfolio(filler, linking, minimumGain) };
}

describe('ArticlePortfolio', () => {
  it('adds up what plans use of limits as the limits are measured', async () => {
    const { filler, linking, made } = portfolio(`business:
  - { limit: discount-rate, where: { market: DE }, upper: 0.1 }
  - { limit: units, where: { group: shoes }, weeks: { from: 2026-01-19 }, lower: 10 }
  - { limit: discount-budget, upper: 100 }
  - { limit: revenue, lower: 100 }
  - { limit: stock-left, at: 2026-01-19, where: { market: PL }, upper: 5 }
`);
    const [held] = await made.known(await made.evaluate(new Float64Array(made.rows.length)));
    const measure = linking.measure();
    for (const a of [0, 1]) {
      const { problem, plan } = made.outcome(a, held!.levels.subarray(6 * a, 6 * a + 6));
      measure.add(problem, plan, a);
    }
    expect(filler.articles).toBe(2);
    // 14 a week at 20 %: 36, and 5 more from the second week on.
    const sold = 41;
    const values = measure.finish().map(({ value }) => value);
    const expected = [0.2, 2 * (sold - 14), 4 * sold * 119 * 0.2, 4 * sold * 119 * 0.8, 2 * (41 - 28)];
    values.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
    const use = (r: number): number => held!.use[r]! + held!.use[5 + r]!;
    expect(use(0)).toBeCloseTo(2 * sold * 119 * (0.2 - 0.1), 4);
    expect(use(1)).toBeCloseTo(-expected[1]!, 4);
    expect([use(2), use(3), use(4)].map(Math.abs)).toEqual(
      [2, 3, 4].map((i) => expect.closeTo(expected[i]!, 4)),
    );
    expect(use(3)).toBeLessThan(0);
  });

  it('knows what no plan of an article is worth less than', async () => {
    const { made } = portfolio('business: [{ limit: discount-rate, upper: 0.1 }]', 0.05);
    const held = made.held();
    for (const multiplier of [0, 0.5, 5, 50]) {
      const { profit, levels } = await made.evaluate(Float64Array.of(multiplier));
      profit.forEach((value, a) => expect(value).toBeGreaterThanOrEqual(held.bound[a]!));
      for (let round = 0; round < 10; round++)
        (await made.vary(levels, round)).profit.forEach((value, a) =>
          expect(value).toBeGreaterThanOrEqual(held.bound[a]!),
        );
    }
    // Nothing is sold at a loss here: no plan costs more than the hurdle of a change.
    expect([...held.bound]).toEqual([...made.hurdle].map((hurdle) => -hurdle));
    expect(made.hurdle[0]).toBeGreaterThan(0);
  });

  it('is priced by multipliers as the rows say', async () => {
    const { made } = portfolio(
      'business: [{ limit: discount-rate, upper: 0.1 }, { limit: stock-left, at: 2026-01-26, upper: 0 }]',
    );
    for (const multipliers of [
      Float64Array.of(0, 0),
      Float64Array.of(0.5, 0),
      Float64Array.of(0, 30),
      Float64Array.of(2, 70),
    ]) {
      const { profit, use, bound, levels } = await made.evaluate(multipliers);
      for (const a of [0, 1]) {
        const worth = profit[a]! - multipliers[0]! * use[2 * a]! - multipliers[1]! * use[2 * a + 1]!;
        expect(bound[a]!).toBeGreaterThanOrEqual(worth - 1e-6);
        const { plan } = made.outcome(a, levels.subarray(6 * a, 6 * a + 6));
        expect(plan.value).toBeCloseTo(profit[a]!, 5);
      }
    }
  });

  it('changes nothing for a gain below the minimum', async () => {
    const none = Float64Array.of();
    const today = { weekly: (rows) => rows.map((row) => ({ ...row, discount: 0 })) } satisfies Changes;
    const free = await portfolio('', 0, today).made.evaluate(none);
    const held = await portfolio('', 10, today).made.evaluate(none);
    expect([...free.levels]).not.toEqual([...held.levels]);
    expect(new Set(held.levels)).toEqual(new Set([0]));
    const { made } = portfolio('', 10, today);
    expect(held.profit[0]).toBeCloseTo(made.heldProfit(0), 9);
    // The bound knows of the hurdle as well.
    expect(held.bound[0]).toBe(held.profit[0]);
  });

  it('varies plans within their limits, the same for the same round', async () => {
    const { made, filler } = portfolio('articles: [{ deepenOnly: true, changes: 2 }]');
    const { levels } = await made.evaluate(Float64Array.of());
    let varied = 0;
    for (let round = 0; round < 12; round++) {
      const found = await made.vary(levels, round);
      expect((await made.vary(levels, round)).levels).toEqual(found.levels);
      if (found.levels.some((level, i) => level !== levels[i])) varied++;
      for (const a of [0, 1]) {
        filler.fill(a);
        expect(planKeepsLimits(filler.problem, found.levels.subarray(6 * a, 6 * a + 6))).toBe(true);
      }
    }
    expect(varied).toBeGreaterThan(3);
  });

  it('meets a limit of the business by the plans of all', async () => {
    const { made, linking } = portfolio('business: [{ limit: discount-rate, lower: 0.25, upper: 0.3 }]', 0, {
      settings: { residualValue: 0.2 },
    });
    const found = await coordinate(made, highs);
    const measure = linking.measure();
    for (const a of [0, 1]) {
      const { problem, plan } = made.outcome(a, found.levels.subarray(6 * a, 6 * a + 6));
      measure.add(problem, plan, a);
    }
    const { value } = measure.finish()[0]!;
    expect(found.choice.isFeasible).toBe(true);
    expect(value).toBeGreaterThanOrEqual(0.25 - 1e-6);
    expect(value).toBeLessThanOrEqual(0.3 + 1e-6);
  });

  it.each([
    ['{ limit: units, where: { grp: shoes }, upper: 3 }', /line 1: where.grp: neither articles nor markets/],
    [
      '{ limit: units, weeks: { from: 2027-01-04 }, upper: 3 }',
      /line 1: weeks: none of the weeks that are priced/,
    ],
    [
      '{ limit: stock-left, at: 2027-01-04, upper: 3 }',
      /line 1: at: 2027-01-04 is not in the weeks that are priced/,
    ],
  ])('refuses %s', (limit, message) => {
    expect(() => portfolio(`business: [${limit}]`)).toThrow(message);
  });

  it('refuses stock left in a part of a pool', () => {
    const markets = [
      { market: 'DE', pool: 'hub' },
      { market: 'PL', pool: 'hub' },
    ];
    const limit = 'business: [{ limit: stock-left, at: 2026-01-19, where: { market: PL }, upper: 5 }]';
    expect(() => portfolio(limit, 0, { markets })).toThrow(/a part of the markets of a pool/);
  });
});
