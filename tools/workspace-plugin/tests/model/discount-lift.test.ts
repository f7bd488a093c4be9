import { Batch, stringsToColumn } from '@hemline/core';
import { expect, it } from 'vitest';
import { DiscountLifting } from '../../src/model/templates/average-demand/discount-lift.ts';

it('counts a discount out of a division with the others of its level', () => {
  const blackPrices = Array.from({ length: 200 }, (_, i) => 5 + i / 10);
  const discounts = [0.1, 0.2].flatMap((level) =>
    blackPrices.map((black) => 1 - Math.round(100 * black * (1 - level)) / 100 / black),
  );
  // Sales prices in whole cents: only division rounds, and puts some below their level.
  const exact = discounts.filter((discount) => Math.abs(discount * 10 - Math.round(discount * 10)) < 1e-9);
  expect(exact.some((discount) => discount < 0.2 && discount > 0.19)).toBe(true);
  const keys = new Batch({
    article: stringsToColumn(exact.map(() => 'A')),
    market: stringsToColumn(exact.map(() => 'DE')),
  });
  const lifting = new DiscountLifting();
  lifting.add(
    keys,
    Float64Array.from(exact, (discount) => (discount < 0.15 ? 4 : 6)),
    Float64Array.from(exact),
  );
  const { discounts: levels, lifts } = lifting.fit().toJson() as { discounts: number[]; lifts: number[] };
  expect(levels.map((level) => level.toFixed(9))).toEqual(['0.100000000', '0.200000000']);
  expect(lifts[1]! / lifts[0]!).toBeCloseTo(1.5, 6);
});
