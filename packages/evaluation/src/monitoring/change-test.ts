import type { Week } from '@hemline/core';
import { jackknife } from './jackknife.ts';
import type { RatioPanel } from './ratio-panel.ts';
import { studentP } from './student-t.ts';

/** Parts of a dimension from which on their median tells what all have in common. */
const PARTS_WITH_A_COMMON = 4;
/** Past changes of other parts count for a part as much as so many of its own. */
const PRIOR_CHANGES = 4;
/** A normal variable is within so many standard deviations of its median half of the time: χ²₁ has this median. */
const MEDIAN_OF_SQUARES = 0.4549;

/** Which weeks are compared. */
export interface ChangeWindows {
  /** Every week with something to compare, in order; the last of them are judged. */
  readonly weeks: readonly Week[];
  /** Weeks that are judged together. */
  readonly recent: number;
  /** Weeks before them that they are compared with. */
  readonly baseline: number;
}

/** How a part has changed. */
export interface Change {
  /** Of the scaled ratio, in logs or in points; less what the parts of the dimension have in common. */
  readonly change: number;
  readonly error: number;
  readonly degrees: number;
  /** Two-sided; NaN where there is too little to judge. */
  readonly p: number;
}

/** On which scale ratios are compared: logs, of things that scale; the ratio itself, of shares. */
export type RatioScale = 'log' | 'plain';

/**
 * Compares the last weeks of each part of a dimension with the weeks before. The change of a part is taken relative to the median
 * change of all parts (a feast moves them all; what moves them all is a change of the dimension "all"), and judged by
 *
 * - how far it scatters with the articles: the delete-a-group jackknife;
 * - how far the same statistic was off at earlier times, of the part itself, moderated by that of the other parts (as variances are
 *   in Smyth 2004, Linear models and empirical Bayes methods …): seasons and campaigns move a part's error also when nothing is wrong;
 *
 * whichever is larger.
 * @param parts of one dimension
 * @param windows which weeks
 * @param scale of the ratio
 * @param expected where there are no weeks before: the scaled ratio of each part, NaN where it is not known
 * @returns a change for each part
 */
export function testChanges(
  parts: readonly RatioPanel[],
  windows: ChangeWindows,
  scale: RatioScale,
  expected: readonly number[] = [],
): Change[] {
  const { weeks, recent, baseline } = windows;
  const measure = (top: number, bottom: number): number =>
    scale === 'log' ? Math.log(top / bottom) : top / bottom;
  const changesAt = (end: number): number[] => {
    const now = weeks.slice(end - recent, end);
    const before = weeks.slice(Math.max(0, end - recent - baseline), end - recent);
    return parts.map((part, i) => {
      const [a, b] = totals(part, now);
      if (before.length === 0) return measure(a, b) - (expected[i] ?? NaN);
      const [c, d] = totals(part, before);
      return measure(a, b) - measure(c, d);
    });
  };
  const isLong = weeks.length >= recent + 1;
  const own = centred(changesAt(weeks.length));
  const past: number[][] = [];
  for (let end = weeks.length - recent; end >= recent + baseline; end--) past.push(centred(changesAt(end)));
  const scatter = pastScatter(parts.length, past, recent);
  const across = acrossParts(own);
  const now = weeks.slice(-recent);
  const before = isLong ? weeks.slice(Math.max(0, weeks.length - recent - baseline), -recent) : [];
  return parts.map((part, i): Change => {
    const change = own[i]!;
    const sampled =
      before.length > 0
        ? jackknife([part.sums(now), part.sums(before)], ([a, b, c, d]) => measure(a!, b!) - measure(c!, d!))
        : jackknife([part.sums(now)], ([a, b]) => measure(a!, b!));
    // What was expected was measured on other weeks, with an error of its own.
    const sampling = sampled.error * (before.length > 0 ? 1 : Math.SQRT2);
    const { deviation, degrees } = scatter?.[i] ?? across ?? { deviation: NaN, degrees: NaN };
    const isSampled = sampling > deviation;
    const error = Math.max(sampling, deviation);
    const free = isSampled ? Math.min(degrees, sampled.groups - 1) : degrees;
    return { change, error, degrees: free, p: error > 0 ? studentP(change / error, free) : NaN };
  });
}

function totals(part: RatioPanel, weeks: readonly Week[]): [number, number] {
  const sums = part.sums(weeks);
  let [top, bottom] = [0, 0];
  for (let i = 0; i < sums.length; i += 2) {
    top += sums[i]!;
    bottom += sums[i + 1]!;
  }
  return [top, bottom];
}

function centred(changes: readonly number[]): number[] {
  const known = changes.filter(Number.isFinite);
  if (known.length < PARTS_WITH_A_COMMON) return [...changes];
  const common = median(known);
  return changes.map((change) => change - common);
}

/** How far each part was off at earlier times; null before there are any. */
function pastScatter(
  count: number,
  past: readonly (readonly number[])[],
  recent: number,
): { deviation: number; degrees: number }[] | null {
  const squares = Array.from({ length: count }, (_, part) =>
    past.map((changes) => changes[part]! ** 2).filter(Number.isFinite),
  );
  const means = squares.map((own) =>
    own.length === 0 ? NaN : own.reduce((sum, each) => sum + each, 0) / own.length,
  );
  if (past.length === 0) return null;
  const known = means.filter((mean) => mean > 0);
  const prior = known.length < PARTS_WITH_A_COMMON ? NaN : median(known);
  return means.map((mean, part) => {
    // Windows overlap: so many of them are worth one.
    const degrees = squares[part]!.length / recent;
    if (Number.isNaN(prior)) return { deviation: Math.sqrt(mean), degrees };
    const total = degrees + PRIOR_CHANGES;
    const variance = (PRIOR_CHANGES * prior + (degrees === 0 ? 0 : degrees * mean)) / total;
    return { deviation: Math.sqrt(variance), degrees: total };
  });
}

/** Without a past, parts are judged by how far the others are off: most of them have not changed. */
function acrossParts(changes: readonly number[]): { deviation: number; degrees: number } | null {
  const known = changes.filter(Number.isFinite);
  if (known.length < PARTS_WITH_A_COMMON) return null;
  const deviation = Math.sqrt(median(known.map((change) => change ** 2)) / MEDIAN_OF_SQUARES);
  return { deviation, degrees: Math.max(1, known.length / 2) };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
