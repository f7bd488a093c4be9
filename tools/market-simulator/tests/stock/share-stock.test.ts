import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareStock } from '../../src/stock/share-stock.ts';

const SIZES = 3;
const units = fc.array(fc.nat(40), { minLength: SIZES, maxLength: SIZES });
const anyShop = fc.record({ stock: units, asked: fc.array(units, { minLength: 1, maxLength: 5 }) });

function share(shop: { stock: number[]; asked: number[][] }, whole: boolean): Float64Array[] {
  const stock = Float64Array.from(shop.stock);
  const users = shop.asked.map((counts) => ({ stock, counts: Float64Array.from(counts) }));
  shareStock(users, SIZES, whole);
  expect([...stock]).toEqual(shop.stock);
  return users.map(({ counts }) => counts);
}

describe('a shared stock', () => {
  it('sells all that is asked for, or all that is there, to each what its share is to less than a unit', () => {
    fc.assert(
      fc.property(anyShop, fc.boolean(), (shop, whole) => {
        const sold = share(shop, whole);
        for (let size = 0; size < SIZES; size++) {
          const asked = shop.asked.reduce((sum, counts) => sum + counts[size]!, 0);
          const there = Math.min(asked, shop.stock[size]!);
          expect(sold.reduce((sum, counts) => sum + counts[size]!, 0)).toBeCloseTo(there, 9);
          sold.forEach((counts, i) => {
            const exact = asked === 0 ? 0 : (there * shop.asked[i]![size]!) / asked;
            expect(Math.abs(counts[size]! - exact)).toBeLessThan(whole ? 1 : 1e-9);
            if (whole) expect(Number.isInteger(counts[size])).toBe(true);
            expect(counts[size]).toBeLessThanOrEqual(shop.asked[i]![size]! + 1e-9);
          });
        }
      }),
    );
  });

  it('gives what rounding leaves to the largest remainder, the first of equal ones', () => {
    const asked = [
      [4, 1, 1],
      [4, 1, 2],
      [7, 1, 3],
    ];
    // Exactly 4/3, 4/3 and 7/3 units of the first size, and a third of a unit each of the second.
    expect(share({ stock: [5, 1, 9], asked }, true).map((counts) => [...counts])).toEqual([
      [2, 1, 1],
      [1, 0, 2],
      [2, 0, 3],
    ]);
  });
});
