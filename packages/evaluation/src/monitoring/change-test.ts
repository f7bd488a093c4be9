import type { Week } from '@hemline/core';
import { studentP } from '@hemline/core/special-functions';
import { jackknife, totals } from './jackknife.ts';
import type { WindowError } from './detectable.ts';
import type { RatioPanel, RatioScale } from './ratio-panel.ts';

/** Which weeks are compared. */
export interface ChangeWindows {
  /** Every week with something to compare, in order; the last of them are judged. */
  readonly weeks: readonly Week[];
  /** Weeks that are judged together. */
  readonly recent: number;
  /** Weeks before them that they are compared with. */
  readonly baseline: number;
}

/** How something has changed. */
export interface Change {
  /** In logs or in points; of a part of a dimension: less what the parts have in common. */
  readonly change: number;
  readonly error: number;
  readonly degrees: number;
  /** Two-sided; NaN where there is too little to judge. */
  readonly p: number;
}

/** A change, and what its test knows of its error. */
export interface TestedChange extends Change {
  /** The windows that were judged. */
  readonly windows: readonly WindowError[];
}

/**
 * Compares a ratio in the last weeks with the weeks before. The change is judged by
 *
 * - how far it scatters with the articles: the delete-a-group jackknife;
 * - how far the same statistic was off at earlier times: seasons and campaigns move ratios also when nothing is wrong;
 *
 * whichever is larger.
 * @param panel of the ratio
 * @param windows which weeks
 * @param scale of the ratio
 * @returns the change; not judged without earlier times
 */
export function testChange(
  panel: RatioPanel,
  { weeks, recent, baseline }: ChangeWindows,
  scale: RatioScale,
): TestedChange {
  const measure = (top: number, bottom: number): number =>
    scale === 'log' ? Math.log(top / bottom) : top / bottom;
  const sumsAt = (end: number): [Float64Array, Float64Array] => [
    panel.sums(weeks.slice(end - recent, end)),
    panel.sums(weeks.slice(Math.max(0, end - recent - baseline), end - recent)),
  ];
  const changeOf = ([a, b, c, d]: readonly number[]): number => measure(a!, b!) - measure(c!, d!);
  const { value: change, error: sampling, groups } = jackknife(sumsAt(weeks.length), changeOf);
  const past: number[] = [];
  for (let end = weeks.length - recent; end >= recent + baseline; end--)
    past.push(changeOf(sumsAt(end).flatMap(totals)));
  const known = past.filter(Number.isFinite);
  const deviation = Math.sqrt(known.reduce((sum, each) => sum + each ** 2, 0) / known.length);
  // Windows overlap: so many of them are worth one.
  const degrees = known.length / recent;
  const error = Math.max(sampling, deviation);
  const free = sampling > deviation ? Math.min(degrees, groups - 1) : degrees;
  const p = error > 0 ? studentP(change / error, free) : NaN;
  return { change, error, degrees: free, p, windows: [{ weeks: recent, error, degrees: free }] };
}
