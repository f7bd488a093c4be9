import { holm } from './p-values.ts';
import type { RatioScale, TestedChange } from './change-test.ts';
import { detectableChange, type Detectable } from './detectable.ts';

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
export interface Judged extends Omit<TestedChange, 'windows'> {
  /** After all tests of the family have been allowed for. */
  readonly adjustedP: number;
  readonly found: boolean;
  /** How large a change would have had to be; null where nothing could be judged. */
  readonly detectable: Detectable | null;
}

/**
 * Judges all tests of a family at once.
 * @param changes that were tested
 * @param level what is asked
 * @param scaleOf the scale of a change
 * @returns the changes in their order; what could not be judged is not found
 */
export function judge<C extends TestedChange>(
  changes: readonly C[],
  level: AlarmLevel,
  scaleOf: (change: C) => RatioScale,
): (Omit<C, 'windows'> & Judged)[] {
  const tested = changes.filter(({ p }) => !Number.isNaN(p));
  const adjusted = new Map(holm(tested.map(({ p }) => p)).map((p, i) => [tested[i]!, p]));
  return changes.map((tests) => {
    const { windows, ...change } = tests;
    const scale = scaleOf(tests);
    const adjustedP = adjusted.get(tests) ?? NaN;
    const size = Math.abs(scale === 'log' ? Math.expm1(change.change) : change.change);
    const found = adjustedP <= level.falseAlarms && size >= level.leastChange;
    const detectable = adjusted.has(tests) ? detectableChange(windows, scale, level, tested.length) : null;
    return { ...change, adjustedP, found, detectable };
  });
}
