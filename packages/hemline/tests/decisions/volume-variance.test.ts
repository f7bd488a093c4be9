import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VolumeVariances } from '../../src/decisions/volume-variance.ts';

const groups = new Map([
  ['A1', 'shirts'],
  ['A2', 'shirts'],
  ['A3', 'coats'],
]);
const money = fc.double({ min: -1e4, max: 1e4, noNaN: true });
const price = fc.record({
  article: fc.constantFrom('A1', 'A2', 'A3', 'A4'),
  discount: fc.constantFrom(0, 0.1, 0.3, 0.7),
  earned: money,
  asForecast: money,
});

describe('volume variances', () => {
  it('add up to the same over groups and over discounts, and are never more than their amounts', () => {
    fc.assert(
      fc.property(fc.array(price, { minLength: 1 }), (prices) => {
        const sums = new VolumeVariances(groups);
        for (const { article, discount, earned, asForecast } of prices)
          sums.add(article, discount, earned, asForecast);
        const rows = sums.finish();
        const [all] = rows;
        expect(all!.prices).toBe(prices.length);
        for (const dimension of ['group', 'discount']) {
          const own = rows.filter((row) => row.dimension === dimension);
          const sum = (pick: (row: (typeof own)[number]) => number): number =>
            own.reduce((total, row) => total + pick(row), 0);
          expect(sum((row) => row.prices)).toBe(prices.length);
          expect(sum((row) => row.variance)).toBeCloseTo(all!.variance, 4);
          expect(sum((row) => row.absolute)).toBeCloseTo(all!.absolute, 4);
          expect(own.map(({ absolute }) => absolute)).toEqual(
            own.map(({ absolute }) => absolute).toSorted((a, b) => b - a),
          );
        }
        for (const { variance, absolute } of rows)
          expect(Math.abs(variance)).toBeLessThanOrEqual(absolute + 1e-6);
      }),
    );
  });

  it('leave out what no forecast tells, and name articles without a group', () => {
    const sums = new VolumeVariances(groups);
    sums.add('A1', 0, 10, NaN);
    expect(sums.finish()).toEqual([]);
    sums.add('A9', 0.3, 10, 14);
    expect(sums.finish()).toEqual([
      { dimension: 'all', value: 'all', prices: 1, variance: -4, absolute: 4 },
      { dimension: 'group', value: '(unknown)', prices: 1, variance: -4, absolute: 4 },
      { dimension: 'discount', value: '20 to 40 %', prices: 1, variance: -4, absolute: 4 },
    ]);
  });
});
