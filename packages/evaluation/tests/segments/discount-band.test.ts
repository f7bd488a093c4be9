import { describe, expect, it } from 'vitest';
import { DISCOUNT_BANDS, discountBand } from '../../src/segments/segment-row.ts';

describe('bands of discounts', () => {
  it.each([
    [0, 'none'],
    [0.05, 'below 20 %'],
    [0.2, '20 to 40 %'],
    [0.4, '40 to 60 %'],
    [0.6, '60 % and more'],
  ])('a discount of %d is counted in %j, whatever black price it was divided by', (level, band) => {
    // In cents and in whole steps of the level, so that the sales price is exact to the cent.
    const found = new Set<string>();
    for (let cents = 20; cents <= 40_000; cents += 20) {
      const price = Math.round(cents * (1 - level));
      found.add(DISCOUNT_BANDS[discountBand(1 - price / 100 / (cents / 100))]!);
      found.add(DISCOUNT_BANDS[discountBand(1 - price / cents)]!);
    }
    found.add(DISCOUNT_BANDS[discountBand(Math.fround(level))]!);
    expect([...found]).toEqual([band]);
  });

  it('end where they say', () => {
    expect([0.199, 0.399, 0.599].map((discount) => DISCOUNT_BANDS[discountBand(discount)])).toEqual([
      'below 20 %',
      '20 to 40 %',
      '40 to 60 %',
    ]);
  });
});
