import { holm } from './p-values.ts';
import type { Change } from './change-test.ts';

/** What is asked of a change before anybody is called. */
export interface AlarmLevel {
  /** Probability that a family of tests (all segments of a model, or all features of the data) finds anything where nothing is. */
  readonly falseAlarms: number;
  /** Least change that matters, a fraction. */
  readonly leastChange: number;
}

/**
 * By default: one false alarm in two hundred families, by the tests' own account, and nothing below 10 %. The account is somewhat
 * too favourable where the forecast does not know of campaigns; the README has what was measured.
 */
export const ALARM_LEVEL: AlarmLevel = { falseAlarms: 0.005, leastChange: 0.1 };

/** One test with what came of it. */
export interface Judged extends Change {
  /** After all tests of the family have been allowed for. */
  readonly adjustedP: number;
  readonly found: boolean;
}

/**
 * Judges all tests of a family at once.
 * @param changes that were tested
 * @param level what is asked
 * @param sizeOf how large a change is, a fraction
 * @returns the changes in their order; what could not be judged is not found
 */
export function judge<C extends Change>(
  changes: readonly C[],
  level: AlarmLevel,
  sizeOf: (change: C) => number,
): (C & Judged)[] {
  const tested = changes.filter(({ p }) => !Number.isNaN(p));
  const adjusted = new Map(holm(tested.map(({ p }) => p)).map((p, i) => [tested[i]!, p]));
  return changes.map((change) => {
    const adjustedP = adjusted.get(change) ?? NaN;
    const found = adjustedP <= level.falseAlarms && sizeOf(change) >= level.leastChange;
    return { ...change, adjustedP, found };
  });
}
