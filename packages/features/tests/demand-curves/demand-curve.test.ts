import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CURVE_SLOPES,
  CURVE_WIDTH,
  demandAt,
  demandSlopeAt,
  reachOf,
} from '../../src/demand-curves/demand-curve.ts';
import { demandQuantile } from '../../src/demand-curves/quantiles.ts';

const number = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
/** Any curve that a network may give, absurd ones included. */
const curve = fc
  .tuple(
    number(-1e4, 1e4),
    number(-50, 50),
    fc.array(number(0, 1e3), { minLength: CURVE_SLOPES, maxLength: CURVE_SLOPES }),
  )
  .map(([level, position, slopes]) => Float64Array.of(level, position, ...slopes));
const discounts = fc.uniqueArray(number(0, 0.99), { minLength: 2, maxLength: 20 });

describe('a demand curve', () => {
  it('is finite, never negative, and never falls as the discount rises', () => {
    fc.assert(
      fc.property(curve, discounts, (numbers, levels) => {
        const demands = levels.sort((a, b) => a - b).map((level) => demandAt(numbers, 0, level));
        for (const [i, demand] of demands.entries()) {
          expect(Number.isFinite(demand) && demand >= 0).toBe(true);
          if (i > 0) expect(demand).toBeGreaterThanOrEqual(demands[i - 1]!);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('has the slope that small differences have', () => {
    const gentle = fc
      .tuple(
        number(-3, 3),
        number(-0.4, 0.4),
        fc.array(number(0, 3), { minLength: CURVE_SLOPES, maxLength: CURVE_SLOPES }),
      )
      .map(([level, position, slopes]) => Float64Array.of(level, position, ...slopes));
    let compared = 0;
    fc.assert(
      fc.property(gentle, number(0.001, 0.9), (numbers, discount) => {
        const step = 1e-7;
        const below = (demandAt(numbers, 0, discount) - demandAt(numbers, 0, discount - step)) / step;
        const above = (demandAt(numbers, 0, discount + step) - demandAt(numbers, 0, discount)) / step;
        // Left and right of a knot the slopes differ.
        if (Math.abs(above - below) > 1e-3 * (1 + Math.abs(above))) return;
        compared++;
        expect(Math.abs(demandSlopeAt(numbers, 0, discount) - above)).toBeLessThan(
          1e-3 * (1 + Math.abs(above)),
        );
      }),
      { numRuns: 500 },
    );
    expect(compared).toBeGreaterThan(400);
  });

  it('has a constant price elasticity where all slopes are the same', () => {
    const numbers = Float64Array.of(Math.log(10), 0, ...Array.from({ length: CURVE_SLOPES }, () => 0.8));
    // Price and discount count alike: the elasticity is the sum of both.
    for (const discount of [0, 0.1, 0.3, 0.6]) {
      expect(demandAt(numbers, 0, discount)).toBeCloseTo(10 * (1 - discount) ** -1.6, 8);
      expect(demandSlopeAt(numbers, 0, discount)).toBeCloseTo(16 * (1 - discount) ** -2.6, 6);
    }
  });

  it('is one of many in an array, and reaches nothing at the usual price', () => {
    const numbers = new Float64Array(2 * CURVE_WIDTH).fill(1);
    numbers.set([Math.log(7), 0], CURVE_WIDTH);
    expect(demandAt(numbers, CURVE_WIDTH, 0)).toBeCloseTo(7, 10);
    for (let k = 0; k < CURVE_SLOPES; k++) expect(reachOf(0, 0, k)).toBeCloseTo(0, 12);
  });
});

describe('quantiles of demand', () => {
  it('are those of a log-normal distribution with the mean and the variance given', () => {
    for (const [mean, dispersion] of [
      [5, 0.3],
      [0.2, 2],
      [100, 0.01],
    ] as const) {
      const variance = Math.log1p(dispersion);
      const [low, median, high] = [0.1, 0.5, 0.9].map((share) => demandQuantile(mean, dispersion, share)) as [
        number,
        number,
        number,
      ];
      expect(low).toBeLessThan(median);
      expect(median).toBeLessThan(high);
      expect(median * Math.exp(variance / 2)).toBeCloseTo(mean, 10);
      expect((Math.log(high) - Math.log(low)) / Math.sqrt(variance)).toBeCloseTo(2 * 1.2815515655446004, 10);
      expect(median ** 2 * Math.exp(variance) * Math.expm1(variance)).toBeCloseTo(dispersion * mean ** 2, 8);
    }
  });
});
