import { describe, expect, it } from 'vitest';
import { explainArticle } from '../../src/explain/explain-article.ts';
import type { ExplainScope } from '../../src/explain/explain-scope.ts';
import { PART_NAMES } from '../../src/explain/plan-parts.ts';
import { parseLimits } from '../../src/limits/parse-limits.ts';
import { priceArticles, type PriceArticlesOptions } from '../../src/recommendations/price-articles.ts';
import { smallMarket, type Changes } from '../inputs/small-market.ts';

const ITEMS: Changes = {
  items: {
    'return-rate': [{ article: 'A', market: 'DE', returnRate: 0.5 }],
    'return-time': [0, 1, 2].map((lag) => ({ article: 'A', market: 'DE', lag, share: 0.3 })),
    'fulfillment-cost': [{ article: 'A', market: 'DE', shippingCost: 3, returnCost: 4 }],
    'residual-value': [{ article: 'A', market: 'DE', residualValue: 0.2 }],
  },
};

async function explained(scope: Partial<ExplainScope> = {}, text = '', changes: Changes = {}, more = {}) {
  const { table, bad } = smallMarket({ ...ITEMS, ...changes });
  const options: PriceArticlesOptions = {
    ...{ limits: parseLimits(text, 'limits.yaml'), settings: { variableCostShare: 0.1, certain: true } },
    ...{ minimumGain: 0, gap: 1e-6, evaluations: 40, bad, ...more },
  };
  const priced = await priceArticles(table, options);
  return { priced, explanation: explainArticle(priced, options, { article: 'A', step: 0.2, ...scope }) };
}

describe('explainArticle', () => {
  it('splits what the plan earns into parts that add up to it', async () => {
    const { priced, explanation } = await explained({}, 'business: [{ limit: discount-rate, upper: 0.05 }]');
    const { plan, planWeeks } = explanation;
    for (const name of PART_NAMES)
      expect(planWeeks.reduce((sum, week) => sum + week[name], 0)).toBeCloseTo(plan[name], 9);
    expect(plan.total).toBeCloseTo(plan.sales + plan.returns + plan.shipping + plan.left + plan.limits, 9);
    // Without the limits it is the profit that is told of the article.
    const rows = priced.recommender.batches().next();
    expect(rows.done).toBe(false);
    if (rows.done === true) return;
    expect(plan.total - plan.limits).toBeCloseTo(rows.value.articles.floats('profit')[0]!, 6);
    for (const part of [plan.sales, plan.left]) expect(part).toBeGreaterThan(0);
    for (const part of [plan.returns, plan.shipping]) expect(part).toBeLessThan(0);
    // Use of a limit that binds, at its multiplier.
    expect(Math.abs(plan.limits)).toBeGreaterThan(0);
  });

  it('says what more and less discount would earn, as the plans themselves do', async () => {
    const { priced, explanation } = await explained({ market: 'DE', week: '2026-01-19' });
    expect(explanation.weeks).toHaveLength(1);
    expect(explanation.alternatives.length).toBeGreaterThan(0);
    for (const { changes, parts, profit } of explanation.alternatives) {
      const [{ market, week, from, to }] = changes as [(typeof changes)[number]];
      expect([market, week, changes.length]).toEqual(['DE', '2026-01-19', 1]);
      expect(explanation.weeks[0]!.discount).toBe(from);
      const levels = priced.found.levels.slice(0, 6);
      const before = priced.portfolio.outcome(0, levels).plan.value;
      const { problem } = priced.portfolio.outcome(0, levels);
      levels[1] = [...problem.levels].indexOf(to);
      const after = priced.portfolio.outcome(0, levels).plan.value;
      expect(profit).toBeCloseTo(after - before, 9);
      // Without limits of the business the plan is the best there is.
      expect(parts.limits).toBe(0);
      expect(profit).toBeLessThanOrEqual(1e-9);
    }
  });

  it('counts limits of the business by their multipliers', async () => {
    const { explanation } = await explained(
      {},
      'business: [{ name: rate, limit: discount-rate, upper: 0.05 }]',
    );
    const more = explanation.alternatives.find(({ step }) => step > 0)!;
    expect(more.limits.map(({ limit }) => limit)).toEqual(['rate']);
    expect(more.limits[0]!.amount).toBeLessThan(0);
    expect(more.limits[0]!.amount).toBeCloseTo(more.parts.limits, 9);
    expect(more.profit).toBeCloseTo(more.parts.total - more.parts.limits, 9);
  });

  it('tells demand and gain of every level', async () => {
    const { explanation } = await explained({ market: 'PL' });
    expect(explanation.levels.map(({ discount, demand }) => [discount, Math.round(demand)])).toEqual([
      [0, 30],
      [0.2, 42],
      [0.4, 54],
    ]);
    const own = new Set(explanation.weeks.map(({ discount }) => discount));
    if (own.size === 1)
      expect(explanation.levels.find(({ discount }) => own.has(discount))!.gain).toBeCloseTo(0, 9);
    for (const { gain } of explanation.levels) expect(gain).toBeLessThanOrEqual(1e-9);
  });

  it('follows the stock', async () => {
    const { explanation } = await explained();
    expect(explanation.stocks.map(({ markets }) => markets)).toEqual([['DE'], ['PL']]);
    for (const { weeks } of explanation.stocks)
      weeks.forEach(({ available, sold, left }, t) => {
        expect(left).toBeCloseTo(available! - sold, 9);
        if (t > 0) expect(available).toBeGreaterThanOrEqual(weeks[t - 1]!.left! - 1e-9);
      });
    const endless = await explained({}, '', { weekly: (rows) => rows.map(({ stock: _, ...row }) => row) });
    expect(endless.explanation.stocks[0]!.weeks[0]).toMatchObject({ available: null, left: null });
  });

  it.each([
    ['a limit', 'articles: [{ name: not so deep, maximum: 0.2 }]', {}, 0.4, /^not so deep \(line 1\)$/],
    ['a person', 'articles: [{ name: boss, discount: 0.2 }]', {}, 0.4, /^fixed at 20 % by boss \(line 1\)$/],
    ['support', '', { settings: { levelRows: 3 } }, 0.4, /^guard: .* not sold so deep often enough/],
    [
      'errors of the group',
      '',
      {
        errors: { byGroup: new Map([['shoes', 0.9]]), byLevel: null },
        settings: { maximumError: 0.5 },
      },
      0.4,
      /^guard: the forecast of the article's group errs/,
    ],
    [
      'errors of the band',
      '',
      { errors: { byGroup: new Map(), byLevel: [0.1, 0.1, 0.8] }, settings: { maximumError: 0.5 } },
      0.4,
      /^guard: the forecast of such discounts errs/,
    ],
  ])('names what forbids a level: %s', async (_, text, changes, discount, reason) => {
    const { explanation } = await explained({}, text, changes as Changes);
    const level = explanation.levels.find((each) => each.discount === discount)!;
    expect([level.refused, level.of]).toEqual([6, 6]);
    for (const by of level.refusedBy) expect(by).toMatch(reason);
    for (const { levels } of explanation.weeks)
      expect(levels.find((each) => each.discount === discount)!.refusedBy.join()).toMatch(reason);
  });

  it.each([
    ['{ changes: 0 }', 'changes'],
    ['{ largestStep: 0.1 }', 'largestStep'],
    ['{ weeksBetween: 5 }', 'weeksBetween'],
    ['{ deepenOnly: true }', 'deepenOnly'],
  ])('names the setting of a path that forbids a plan: %s', async (limit, setting) => {
    const { explanation } = await explained({ week: '2026-01-19' }, `articles: [${limit}]`, {
      // Just changed, and no stock to speak of: the plan stays where it is.
      weekly: (rows) =>
        rows.map((row) => (row['discount'] === null ? row : { ...row, stock: 400, delivery: 0 })),
    });
    const refused = explanation.alternatives.flatMap(({ refusedBy }) => refusedBy);
    expect(refused.some((text) => text.includes(`${setting} in market`))).toBe(true);
  });

  it.each([
    [
      { article: 'C' },
      /there is no article C in the forecasts; expected an article that is priced, such as A, B/,
    ],
    [{ market: 'FR' }, /article A is not priced in market FR; expected DE, PL/],
    [{ week: '2026-01-20' }, /not priced in week 2026-01-20; expected .* 2026-01-12 to 2026-01-26/],
    [{ step: 10 }, /cannot be compared so far apart; expected a fraction .*found 10/],
  ])('refuses %j', async (scope, message) => {
    await expect(explained(scope)).rejects.toThrow(message);
  });

  it('says of an article that is left out what is wrong with it', async () => {
    const changes: Changes = {
      weekly: (rows) => rows.map((row) => (row['article'] === 'A' ? { ...row, blackPrice: null } : row)),
    };
    const { table, bad } = smallMarket(changes);
    const options = {
      ...{ limits: parseLimits('', 'l'), settings: { variableCostShare: 0, certain: true }, bad },
      ...{ minimumGain: 0, gap: 0.01, evaluations: 3, leaveOutBad: true },
    };
    const priced = await priceArticles(table, options);
    expect(() => explainArticle(priced, options, { article: 'A' })).toThrow(
      /article A cannot be priced; found no list price .* in market DE/,
    );
  });
});
