import type { Evaluation, LinkingRow } from './linking-row.ts';

/** Sizes that bring rows and profit near 1, so that one tolerance fits all. */
export interface Scales {
  /** Of the profit of all articles. */
  readonly profit: number;
  /** Of what is used of each row [R]. */
  readonly use: Float64Array;
}

/**
 * @param rows with their bounds
 * @param evaluations plans that are known so far
 * @returns sums of absolute values, never 0
 */
export function scalesOf(
  rows: readonly LinkingRow[],
  evaluations: readonly Pick<Evaluation, 'profit' | 'use'>[],
): Scales {
  const R = rows.length;
  let profit = 0;
  const use = Float64Array.from(rows, ({ bound }) => Math.abs(bound));
  for (const { profit: earned, use: used } of evaluations) {
    let sum = 0;
    for (const value of earned) sum += Math.abs(value);
    profit = Math.max(profit, sum);
    const sums = new Float64Array(R);
    used.forEach((value, i) => (sums[i % R]! += Math.abs(value)));
    for (let r = 0; r < R; r++) use[r] = Math.max(use[r]!, sums[r]!);
  }
  return { profit: profit > 0 ? profit : 1, use: use.map((value) => (value > 0 ? value : 1)) };
}
