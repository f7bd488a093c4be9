import { DAYS_PER_WEEK } from '@hemline/core';
import { Cholesky } from '../response/symmetric-matrix.ts';
import type { WeekIndexes } from './week-indexes.ts';

const WEEKS_OF_YEAR = 52;
const DAYS_OF_YEAR = 365.25;
/** A line, which is no matter of the year, and waves of the year and of half of it, each with two phases. */
const LINE = 2;
const ORDERS = [1, 2];
/** Known weeks that a group needs before the last year, and within it. */
const [LEAST_BEFORE, LEAST_LAST] = [40, 10];

/**
 * Whether the year comes again: waves that are fitted to each group's weeks before the last year have to forecast the last year better
 * than none do. Either is allowed a line through the last year, since its course is asked about and not where it lies or tends to. Errors
 * are summed over groups, weighted by series.
 * @param indexes of two years at least
 * @returns whether squared errors are less with the waves
 */
export function yearRepeats(indexes: WeekIndexes): boolean {
  const { weeks, first, values, counts } = indexes;
  const start = weeks - WEEKS_OF_YEAR;
  const waves = Array.from({ length: weeks }, (_, week) => wavesOf(first + week * DAYS_PER_WEEK));
  let gain = 0;
  values.forEach((index, group) => {
    const count = counts[group]!;
    const known = [...index.keys()].filter((week) => count[week]! > 0);
    const before = known.filter((week) => week < start);
    const last = known.filter((week) => week >= start);
    if (before.length < LEAST_BEFORE || last.length < LEAST_LAST) return;
    const termsOf = (week: number): number[] => [1, week / WEEKS_OF_YEAR, ...waves[week]!];
    const found = leastSquares(before, termsOf, index, count).subarray(LINE);
    const waved = index.map((value, week) => value - dot(waves[week]!, found));
    gain += errorAroundLine(last, index, count) - errorAroundLine(last, waved, count);
  });
  return gain > 0;
}

/** What the day of the year says, in waves. */
function wavesOf(day: number): number[] {
  const angle = (2 * Math.PI * day) / DAYS_OF_YEAR;
  return ORDERS.flatMap((order) => [Math.sin(order * angle), Math.cos(order * angle)]);
}

function errorAroundLine(weeks: readonly number[], values: Float64Array, count: Float64Array): number {
  const termsOf = (week: number): number[] => [1, week / WEEKS_OF_YEAR];
  const line = leastSquares(weeks, termsOf, values, count);
  return weeks.reduce((sum, week) => sum + count[week]! * (values[week]! - dot(termsOf(week), line)) ** 2, 0);
}

/** Weighted least squares. */
function leastSquares(
  weeks: readonly number[],
  termsOf: (week: number) => readonly number[],
  values: Float64Array,
  weights: Float64Array,
): Float64Array {
  const size = termsOf(weeks[0]!).length;
  const matrix = new Float64Array(size * size);
  const right = new Float64Array(size);
  for (const week of weeks) {
    const terms = termsOf(week);
    for (let i = 0; i < size; i++) {
      right[i]! += weights[week]! * terms[i]! * values[week]!;
      for (let j = 0; j < size; j++) matrix[i * size + j]! += weights[week]! * terms[i]! * terms[j]!;
    }
  }
  return new Cholesky({ size, values: matrix }).solve(right);
}

function dot(a: readonly number[], b: Float64Array): number {
  return a.reduce((sum, one, i) => sum + one * b[i]!, 0);
}
