import { ConfigurationError } from '../errors/causes.ts';

/** Discount levels in strictly ascending order, each in [0, 1). */
export type DiscountGrid = Float64Array;

/** 0 % to 70 % in steps of 5: fifteen levels. */
export const DEFAULT_DISCOUNTS = '0:0.7:0.05';

/** A level is a multiple of a millionth: steps of 0.05 add up exactly. */
const PER_ONE = 1e6;

/** More levels than anyone prices at: asked for by a step that is too small. */
const MOST_LEVELS = 1000;

/**
 * The level that a discount is meant to be. 1 − 7.96 / 9.95 is 0.19999999999999996, and 0.7 as a float32 is less than 0.7: whatever
 * compares, counts or looks up discounts does it with these.
 * @param discount fraction of the black price, of whatever precision
 * @returns it, rounded to the 6 decimals of a grid; NaN stays NaN
 */
export function roundDiscount(discount: number): number {
  // Never −0, which prints and sorts apart from 0.
  return Math.round(discount * PER_ONE) / PER_ONE + 0;
}

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
    if (count > MOST_LEVELS)
      throw new ConfigurationError('the discount grid is not valid', {
        expected: `at most ${MOST_LEVELS} levels`,
        found: `${count} levels in ${text}`,
        remedy: 'Make the step larger.',
      });
    return checkDiscountGrid(Float64Array.from({ length: Math.max(0, count) }, (_, i) => from + i * step));
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
  const grid = Float64Array.from(levels, roundDiscount);
  const wrong = grid.findIndex((level, i) => !(level >= 0 && level < 1) || (i > 0 && level <= grid[i - 1]!));
  if (grid.length === 0 || wrong !== -1) {
    throw new ConfigurationError('the discount grid is not valid', {
      expected: 'rising levels in [0, 1), as from:to:step or a list, such as 0:0.7:0.05',
      found: grid.length === 0 ? 'no level' : `level ${wrong + 1} is ${grid[wrong]}`,
      remedy: 'A discount is a fraction, not per cent: 20 % off is 0.2.',
    });
  }
  return grid;
}
