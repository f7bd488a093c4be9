import { ConfigurationError } from '../errors/causes.ts';

/** Discount levels in strictly ascending order, each in [0, 1). */
export type DiscountGrid = Float64Array;

/** 0 % to 70 % in steps of 5: fifteen levels. */
export const DEFAULT_DISCOUNTS = '0:0.7:0.05';

/** Decimals that a level keeps: steps of 0.05 add up exactly. */
const DECIMALS = 6;

/**
 * Reads a grid from text.
 * @param text `from:to:step`, both ends included, or a list `0,0.1,0.25`
 * @returns the levels
 * @throws ConfigurationError when a level is outside [0, 1) or they do not rise
 */
export function parseDiscountGrid(text: string): DiscountGrid {
  const range = text.split(':').map(Number);
  if (range.length === 3 && range.every(Number.isFinite) && range[2]! > 0) {
    const [from, to, step] = range as [number, number, number];
    const count = Math.floor((to - from) / step + 1e-9) + 1;
    return checkDiscountGrid(
      Float64Array.from({ length: Math.max(0, Math.min(count, 1000)) }, (_, i) => from + i * step),
    );
  }
  return checkDiscountGrid(
    Float64Array.from(text.split(','), (level) => (level.trim() === '' ? NaN : Number(level))),
  );
}

/**
 * @param levels any numbers
 * @returns them, rounded to 6 decimals
 * @throws ConfigurationError when there is none, one is outside [0, 1), or they do not rise
 */
export function checkDiscountGrid(levels: ArrayLike<number>): DiscountGrid {
  const grid = Float64Array.from(levels, (level) => Number(level.toFixed(DECIMALS)));
  const wrong = grid.findIndex((level, i) => !(level >= 0 && level < 1) || (i > 0 && level <= grid[i - 1]!));
  if (grid.length === 0 || wrong !== -1) {
    throw new ConfigurationError('the discount grid is not valid', {
      expected: 'rising levels in [0, 1), as from:to:step or a list, such as 0:0.7:0.05',
      found: grid.length === 0 ? 'no level' : `level ${wrong + 1} is ${grid[wrong]}`,
    });
  }
  return grid;
}
