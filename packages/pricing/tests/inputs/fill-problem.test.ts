import { describe, expect, it } from 'vitest';
import { compileRules } from '../../src/inputs/article-rules.ts';
import { ProblemFiller } from '../../src/inputs/fill-problem.ts';
import { parseLimits } from '../../src/limits/parse-limits.ts';
import { smallMarket, type Changes } from './small-market.ts';

function filler(limits = '', changes: Changes = {}, settings = { variableCostShare: 0, certain: false }) {
  const { table } = smallMarket(changes);
  const rules = compileRules(parseLimits(limits, 'limits.yaml'), table);
  return new ProblemFiller(table, rules, settings);
}

/** What is wrong with the articles that no plan can be made for. */
function badOf(limits: string): string {
  const { bad } = smallMarket();
  filler(limits).check(bad);
  return bad
    .list(() => true)
    .map(({ article, reason }) => `${article}: ${reason}`)
    .join('; ');
}

/** Allowed discounts of a market and week of article A. */
function allowed(filled: ProblemFiller, m: number, t: number): number[] {
  const { weeks, levelCount, levels, limits } = filled.problem;
  const from = (m * weeks + t) * levelCount;
  return [...levels.subarray(0, levelCount)].filter((_, l) => limits.allowed[from + l] === 1);
}

function filledA(limits?: string, changes?: Changes): ProblemFiller {
  const filled = filler(limits, changes);
  expect(filled.fill(0)).toEqual([]);
  return filled;
}

describe('ProblemFiller', () => {
  it('earns what a unit leaves after tax, shipping and returns', () => {
    const items = {
      'return-rate': [{ article: 'A', market: 'PL', returnRateAt0: 0.5, returnRateAt40: 0.3 }],
      'fulfillment-cost': [{ article: 'A', market: 'PL', shippingCost: 3, returnCost: 4 }],
      'residual-value': [{ article: 'A', market: 'PL', residualValue: 0.1 }],
    };
    const markets = [
      { market: 'DE', vat: 0 },
      { market: 'PL', vat: 0.19 },
    ];
    const filled = filler('', { items: items as never, markets }, { variableCostShare: 0.1, certain: true });
    filled.fill(0);
    const { problem } = filled;
    const { weeks: T, levelCount: L } = problem;
    const cell = (1 * T + 2) * L + 1;
    // 119 with tax is 100 without; a tenth goes with every unit kept.
    const net = 100 * 0.9 * 0.8;
    expect(problem.returnRate[cell]).toBeCloseTo(0.4, 6);
    expect(problem.margin[cell]).toBeCloseTo(0.6 * net - 3 - 0.4 * 4, 5);
    expect(problem.demand[cell]).toBeCloseTo(14, 5);
    expect(problem.residual[1]).toBeCloseTo(11.9, 9);
    expect(problem.residual[0]).toBe(0);
    expect([problem.stock[0], problem.stocks, problem.certain]).toEqual([36, 2, true]);
  });

  it('narrows levels by all limits that hold', () => {
    const filled = filledA(`articles:
  - { where: { market: DE }, minimum: 0.2 }
  - { where: { group: shoes }, weeks: { from: 2026-01-19 }, maximum: 0.2 }
  - { where: { article: B }, discount: 0.4 }
`);
    expect([0, 1].map((t) => [0, 1].map((m) => allowed(filled, m, t)))).toEqual([
      [
        [0.2, 0.4],
        [0, 0.2, 0.4],
      ],
      [[0.2], [0, 0.2]],
    ]);
  });

  it('keeps a price that a person fixed, on the grid or not', () => {
    const filled = filledA(`articles:
  - { where: { article: A, market: DE }, weeks: { until: 2026-01-12 }, price: 83.3 }
`);
    expect(allowed(filled, 0, 0)).toEqual([0.3]);
    expect(allowed(filled, 0, 1)).toEqual([0, 0.2, 0.4]);
    const { levelCount: L, demand, levels } = filled.problem;
    expect([...levels.subarray(0, L)]).toEqual([0, 0.2, 0.3, 0.4]);
    // Between 14 at 20 % and 18 at 40 %, along the log of the price.
    const way = Math.log(0.8 / 0.7) / Math.log(0.8 / 0.6);
    expect(demand[2]).toBeCloseTo(14 * (18 / 14) ** way, 4);
    expect([...filled.narrowed.subarray(0, 2)]).toEqual([3, 0]);
  });

  it('lets the shop keep a discount that is off the grid, and takes one that is nearly on it for it', () => {
    const at = (discount: number) =>
      filledA('', { weekly: (rows) => rows.map((row) => ({ ...row, discount })) }).problem;
    expect([...at(0.1).levels.subarray(0, 4)]).toEqual([0, 0.1, 0.2, 0.4]);
    expect(at(0.1).limits.current[0]).toBe(1);
    expect([at(0.203).levelCount, at(0.203).limits.current[0]]).toEqual([3, 1]);
    // Deeper than the grid: what would be demanded there nobody said.
    const deep = at(0.6);
    expect(deep.demand[3]).toBe(deep.demand[2]);
  });

  it('holds guards behind limits', () => {
    const errors = { byGroup: new Map([['shoes', 2]]), byLevel: null };
    const changes = { errors, settings: { maximumError: 1 } };
    const guarded = filledA('', changes);
    expect(allowed(guarded, 0, 0)).toEqual([0.2]);
    expect(guarded.narrowed[0]).toBe(1);
    expect(allowed(filledA('articles: [{ minimum: 0.4 }]', changes), 0, 0)).toEqual([0.4]);
  });

  it('writes limits of the path, the strictest of all', () => {
    const { limits } = filledA(`articles:
  - { changes: 3, weeksBetween: 2, largestStep: 0.4 }
  - { where: { market: PL }, changes: 1, weeksBetween: 1, largestStep: 0.2, deepenOnly: true }
  - { priceOrder: [PL, DE] }
`).problem;
    expect([...limits.maximumChanges.subarray(0, 2)]).toEqual([3, 1]);
    expect([...limits.weeksBetween.subarray(0, 2)]).toEqual([2, 2]);
    expect([...limits.deepenOnly.subarray(0, 2)]).toEqual([0, 1]);
    expect(limits.largestStep[1]).toBeCloseTo(0.2, 6);
    expect([...limits.priceOrder.subarray(0, 2 * limits.pricePairs)]).toEqual([1, 0]);
  });

  it('has more stock than can be sold where none is known', () => {
    const filled = filledA('', { weekly: (rows) => rows.map(({ stock: _, ...row }) => row) });
    expect(filled.problem.stock[0]).toBeGreaterThan(3 * 18 + 3 * 6 * Math.sqrt(18));
  });
});

describe('guards', () => {
  const errors = { byGroup: new Map([['shoes', 0.9]]), byLevel: null };
  const settings = { maximumError: 0.5 };

  it("offer nothing but today's discount where the forecast of the group errs", () => {
    expect(allowed(filledA('', { errors, settings }), 0, 0)).toEqual([0.2]);
  });

  it('offer the list price where there is no discount today either', () => {
    const weekly: Changes['weekly'] = (rows) => rows.map((row) => ({ ...row, discount: null }));
    expect(allowed(filledA('', { errors, settings, weekly }), 0, 0)).toEqual([0]);
    const bands = { byGroup: new Map<string, number>(), byLevel: [0.9, 0.9, 0.9] };
    expect(allowed(filledA('', { errors: bands, settings, weekly }), 0, 0)).toEqual([0]);
  });

  it('give way to limits', () => {
    expect(allowed(filledA('articles: [{ discount: 0.4 }]', { errors, settings }), 0, 0)).toEqual([0.4]);
  });
});

describe('limits that contradict the data', () => {
  it.each([
    [
      'articles: [{ where: { group: boots }, floor: { price: 130 } }]',
      /line 1: contradiction: the floor 130.00 is above the list price 119.00 of article B, market DE/,
    ],
    [
      'articles: [{ floor: { column: cost, factor: 2 }, minimum: 0.2 }]',
      /line 1: contradiction: the floor 120.00 is above the list price 119.00 of article B/,
    ],
    [
      'articles: [{ where: { market: PL }, price: 200 }]',
      /line 1: contradiction: the fixed price 200 is not from 0 to the list price 119.00 of article A, market PL/,
    ],
    [
      'articles:\n  - { where: { market: DE }, minimum: 0.2 }\n  - { where: { group: shoes }, levels: [0] }',
      /line 3: contradiction: the limits of lines 2, 3 leave no level for article A, market DE in the week 2026-01-12/,
    ],
  ])('%s', (limits, message) => {
    expect(badOf(limits)).toMatch(message);
  });

  it.each([
    [
      'articles:\n  - { minimum: 0.4 }\n  - { largestStep: 0.1 }',
      "lines 2, 3 leave no step from today's discount 0.2 of article A, market DE",
    ],
    [
      'articles: [{ maximum: 0, deepenOnly: true }]',
      "line 1 leave no step from today's discount 0.2 of article B, market DE",
    ],
    ['articles: [{ discount: 0.4, changes: 0 }]', "line 1 leave no step from today's discount 0.2"],
  ])('%s', (limits, text) => {
    expect(badOf(limits)).toContain(text);
  });

  it.each([
    [
      'articles: [{ where: { grp: shoes }, maximum: 0.2 }]',
      /line 1: where.grp: neither articles nor markets have this column, did you mean group\?/,
    ],
    [
      'articles: [{ floor: { column: costs } }]',
      /floor.column: the table articles has no column costs, did you mean cost\?/,
    ],
    [
      'articles: [{ floor: { column: group } }]',
      /floor.column: group holds no amounts, it is of the type string/,
    ],
    ['articles: [{ levels: [0.25] }]', /levels: 0.25 is not on the grid of the run \(0, 0.2, 0.4\)/],
    ['articles: [{ priceOrder: [PL, DEU] }]', /priceOrder: there is no market DEU, did you mean DE\?/],
    [
      'articles: [{ weeks: { until: 2025-01-06 }, maximum: 0.2 }]',
      /weeks: none of the weeks that are priced \(2026-01-12 to 2026-01-26\)/,
    ],
  ])('%s', (limits, message) => {
    expect(() => filler(limits)).toThrow(message);
  });
});
