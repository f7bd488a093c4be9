import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../src/errors/causes.ts';
import { DEFAULT_DISCOUNTS, parseDiscountGrid } from '../src/discounts/discount-grid.ts';

describe('discount grid', () => {
  it('includes both ends and keeps decimal levels exact', () => {
    const grid = parseDiscountGrid(DEFAULT_DISCOUNTS);
    expect([...grid]).toEqual([
      0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7,
    ]);
    expect([...parseDiscountGrid('0, 0.1,0.25')]).toEqual([0, 0.1, 0.25]);
  });

  it.each(['', '0.2,0.1', '0,1', '-0.1,0', '0:1.2:0.1', 'a:b:c', '0,0'])(
    'refuses %j with the form it takes',
    (text) => {
      expect(() => parseDiscountGrid(text)).toThrow(ConfigurationError);
      expect(() => parseDiscountGrid(text)).toThrow(/0:0\.7:0\.05/);
    },
  );
});
