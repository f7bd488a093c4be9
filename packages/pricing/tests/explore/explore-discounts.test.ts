import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exploreDiscounts, type ExplorableDiscounts } from '../../src/explore/explore-discounts.ts';
import { learningWorth } from '../../src/explore/learning-worth.ts';

/** Articles of one to three markets, levels that may be set, plans among them. */
const market = fc
  .record({
    markets: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 30 }),
    levelCount: fc.integer({ min: 1, max: 6 }),
    seed: fc.integer({ min: 0, max: 1e6 }),
  })
  .chain(({ markets, levelCount, seed }) => {
    const N = markets.reduce((sum, count) => sum + count, 0);
    const of = <T>(each: fc.Arbitrary<T>, length: number) =>
      fc.array(each, { minLength: length, maxLength: length });
    return fc.record({
      input: fc
        .record({
          level: of(fc.integer({ min: -1, max: levelCount - 1 }), N),
          allowed: of(fc.integer({ min: 0, max: 1 }), N * levelCount),
          worth: of(fc.oneof(fc.constant(0), fc.double({ min: 0, max: 10, noNaN: true })), N),
          fixed: of(fc.integer({ min: 0, max: 1 }), N),
        })
        .map(({ level, allowed, worth, fixed }): ExplorableDiscounts => ({
          offsets: Int32Array.from([0, ...markets]).map(
            (
              (sum) => (count: number) =>
                (sum += count)
            )(0),
          ),
          ...{ level, levelCount, allowed: Uint8Array.from(allowed) },
          ...{ worth: Float64Array.from(worth), fixed: Uint8Array.from(fixed) },
        })),
      settings: fc.record({
        share: fc.double({ min: 0, max: 1, noNaN: true }),
        step: fc.integer({ min: 1, max: 2 }),
        seed: fc.constant(seed),
        week: fc.constant(20_000),
      }),
    });
  });

describe('exploreDiscounts', () => {
  it('draws from allowed levels near the plan, of a share of the articles, with probabilities that sum to 1', () => {
    fc.assert(
      fc.property(market, ({ input, settings }) => {
        const { offsets, level, levelCount: L, allowed, worth, fixed } = input;
        const drawn = exploreDiscounts(input, settings);
        let [articles, planned, series] = [0, 0, 0];
        for (let a = 0; a + 1 < offsets.length; a++) {
          const own = Array.from({ length: offsets[a + 1]! - offsets[a]! }, (_, m) => offsets[a]! + m);
          if (own.some((n) => level[n] !== -1)) planned++;
          const explored = own.filter((n) => !Number.isNaN(drawn.propensity[n]!));
          series += explored.length;
          if (explored.length > 0) articles++;
          if (explored.length > 0) expect(own.some((n) => worth[n]! > 0)).toBe(true);
          for (const n of own) {
            const open = Array.from({ length: L }, (_, l) => l).filter(
              (l) => drawn.candidates[n * L + l] === 1,
            );
            if (!explored.includes(n)) {
              expect(open).toEqual([]);
              expect(drawn.level[n]).toBe(level[n]);
              continue;
            }
            expect(fixed![n]).toBe(0);
            expect(open).toContain(drawn.level[n]);
            expect(open).toContain(level[n]);
            expect(open.length * drawn.propensity[n]!).toBeCloseTo(1, 12);
            for (const l of open) {
              expect(l === level[n] || allowed[n * L + l] === 1).toBe(true);
              expect(Math.abs(l - level[n]!)).toBeLessThanOrEqual(settings.step);
            }
          }
        }
        expect(articles).toBeLessThanOrEqual(settings.share * planned + 1e-9);
        expect([drawn.articles, drawn.series]).toEqual([articles, series]);
      }),
      { numRuns: 300 },
    );
  });

  it('is the same with the same seed, and another in another week', () => {
    fc.assert(
      fc.property(market, ({ input, settings }) => {
        expect(exploreDiscounts(input, settings)).toEqual(exploreDiscounts(input, settings));
      }),
      { numRuns: 50 },
    );
    const input = many(500);
    const of = (week: number, seed = 1) => exploreDiscounts(input, { share: 1, seed, week }).level.join();
    expect(of(1)).not.toBe(of(2));
    expect(of(1)).not.toBe(of(1, 2));
  });

  it('draws each level as often as it says', () => {
    const { level, propensity } = exploreDiscounts(many(30_000), { share: 1, seed: 3, week: 7 });
    for (const l of [1, 2, 3]) {
      const share = level.filter((each) => each === l).length / level.length;
      // Four standard deviations of a share of a third of 30,000.
      expect(Math.abs(share - 1 / 3)).toBeLessThan(4 * Math.sqrt(((1 / 3) * (2 / 3)) / 30_000));
    }
    expect(new Set(propensity)).toEqual(new Set([1 / 3]));
  });

  it('takes the articles of which there is most to learn', () => {
    const input = { ...many(10), worth: Float64Array.of(1, 9, 2, 8, 3, 7, 4, 6, 5, 0) };
    const { propensity } = exploreDiscounts(input, { share: 0.3, seed: 1, week: 1 });
    expect([...propensity.keys()].filter((n) => !Number.isNaN(propensity[n]!))).toEqual([1, 3, 5]);
  });

  it('heeds limits between markets at what was drawn before', () => {
    // The second market is never cheaper than the first.
    const N = 400;
    const input: ExplorableDiscounts = {
      ...many(N),
      offsets: Int32Array.from({ length: N / 2 + 1 }, (_, a) => 2 * a),
      permits: (n, level, drawn) => (n % 2 === 0 ? level >= drawn[n + 1]! : level <= drawn[n - 1]!),
    };
    const { level, candidates, propensity } = exploreDiscounts(input, { share: 1, seed: 1, week: 1 });
    for (let n = 0; n < N; n += 2) expect(level[n]).toBeGreaterThanOrEqual(level[n + 1]!);
    const counts = new Set(
      Array.from({ length: N / 2 }, (_, i) =>
        candidates.subarray((2 * i + 1) * 5, (2 * i + 2) * 5).reduce((a, b) => a + b, 0),
      ),
    );
    expect(counts).toEqual(new Set([2, 3]));
    expect(new Set(propensity)).toEqual(new Set([1 / 2, 1 / 3]));
  });
});

/** One market each, five levels, the middle one planned. */
function many(N: number): ExplorableDiscounts {
  return {
    ...{
      offsets: Int32Array.from({ length: N + 1 }, (_, a) => a),
      level: new Int16Array(N).fill(2),
      levelCount: 5,
    },
    ...{ allowed: new Uint8Array(5 * N).fill(1), worth: new Float64Array(N).fill(1) },
  };
}

describe('learningWorth', () => {
  const known = { profit: 100, demand: 10, dispersion: 0.5, discounts: [0.1, 0.15, 0.2] };
  const worth = (more: Partial<typeof known> = {}) => learningWorth({ ...known, ...more });

  it('is the information of a week on the elasticity for each unit of money at stake', () => {
    const heights = known.discounts.map((discount) => -Math.log(1 - discount));
    const mean = (heights[0]! + heights[1]! + heights[2]!) / 3;
    const spread = heights.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 3;
    expect(worth()).toBeCloseTo(spread / 0.6 / 100, 12);
  });

  it('grows with what sells and how far discounts lie apart, and falls with what is at stake', () => {
    expect(worth({ profit: 200 })).toBeCloseTo(worth() / 2, 12);
    expect(worth({ demand: 20 })).toBeGreaterThan(worth());
    expect(worth({ dispersion: 2 })).toBeLessThan(worth());
    expect(worth({ discounts: [0.1, 0.3, 0.5] })).toBeGreaterThan(worth());
  });

  it('is nothing where nothing is at stake or to be drawn', () => {
    for (const more of [{ profit: 0 }, { profit: -5 }, { demand: 0 }, { discounts: [0.1] }])
      expect(worth(more)).toBe(0);
  });
});
