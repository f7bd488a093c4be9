import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../src/errors/causes.ts';
import { DEFAULT_DISCOUNTS, parseDiscountGrid, roundDiscount } from '../src/discounts/discount-grid.ts';

describe('discount grid', () => {
  it('includes both ends and keeps decimal levels exact', () => {
    const grid = parseDiscountGrid(DEFAULT_DISCOUNTS);
    expect([...grid]).toEqual([
      0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7,
    ]);
    expect([...parseDiscountGrid('0, 0.1,0.25')]).toEqual([0, 0.1, 0.25]);
  });

  it('refuses more levels than anyone prices at, instead of leaving some out', () => {
    expect(() => parseDiscountGrid('0:0.9:0.0001')).toThrow(/at most 1000 levels, found 9001 levels/);
  });

  it('knows the level that a discount is meant to be, out of a division or in single precision', () => {
    for (let cents = 5; cents <= 20_000; cents += 35)
      for (const level of parseDiscountGrid(DEFAULT_DISCOUNTS)) {
        const black = cents / 100;
        expect(roundDiscount(1 - (black * (1 - level)) / black)).toBe(level);
        expect(roundDiscount(Math.fround(level))).toBe(level);
      }
    expect(roundDiscount(1 - (3 * 0.1) / 0.3)).toBe(0);
    expect(roundDiscount(NaN)).toBeNaN();
  });

  it.each(['', '0.2,0.1', '0,1', '-0.1,0', '0:1.2:0.1', 'a:b:c', '0,0'])(
    'refuses %j with the form it takes',
    (text) => {
      expect(() => parseDiscountGrid(text)).toThrow(ConfigurationError);
      expect(() => parseDiscountGrid(text)).toThrow(/0:0\.7:0\.05/);
      expect(() => parseDiscountGrid(text)).toThrow(/20 % off is 0\.2/);
    },
  );
});
