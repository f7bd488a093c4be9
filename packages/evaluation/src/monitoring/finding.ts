import { holm } from './p-values.ts';
import type { AlarmLevel } from './alarm-level.ts';
import type { TestedChange } from './change-test.ts';
import { detectableChange, type Detectable } from './detectable.ts';
import type { RatioScale } from './ratio-panel.ts';

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
