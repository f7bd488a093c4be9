import { studentP } from '@hemline/core/special-functions';
import { combineP } from './p-values.ts';
import type { AlarmLevel } from './alarm-level.ts';
import type { RatioScale } from './ratio-panel.ts';

/** What one window of a test knows of its own error. */
export interface WindowError {
  /** Length, in weeks. */
  readonly weeks: number;
  /** Standard deviation of the change where nothing has changed, in logs or points. */
  readonly error: number;
  readonly degrees: number;
}

/** The changes that a test finds in half of the cases: smaller ones stay unseen more often than not. */
export interface Detectable {
  /** A fall: a fraction of means, points of shares. */
  readonly fall: number;
  /** A rise, likewise; ∞ where none is found. */
  readonly rise: number;
  /** Weeks for which it has lasted then. */
  readonly weeks: number;
}

/** Noises that a change is hidden in: so many and their opposites, so that none of them leans to a side. */
const PAIRS = 32;
/** A change is found to a 256th of the range that it lies in; none is looked for beyond so many errors. */
const [STEPS, MOST_ERRORS] = [8, 2 ** 12];

/**
 * How large a change has to be that a test finds it in half of the cases, given the errors it knows: changes are planted in simulated
 * noise of these errors, the windows of one test sharing their weeks, and judged as the test judges. A change is whole in the window
 * that it began with, and in no other: longer ones begin before it, and what shorter ones are compared with has it already. Told
 * is the change that the surest window finds.
 * @param windows of the test
 * @param scale of its changes
 * @param level what is asked of an alarm
 * @param family tests that are judged together: the least p-value has to stand all of them
 * @returns the changes; null where the test cannot judge
 */
export function detectableChange(
  windows: readonly WindowError[],
  scale: RatioScale,
  { falseAlarms, leastChange }: AlarmLevel,
  family: number,
): Detectable | null {
  const known = windows.filter(({ error, degrees }) => error > 0 && degrees > 0);
  if (known.length === 0) return null;
  const noises = drawNoises(known);
  const found = (at: number, least: number): number =>
    foundInHalf(known, at, noises, falseAlarms / family, least);
  const leastFall = scale === 'log' ? -Math.log1p(-leastChange) : leastChange;
  const falls = known.map((_, at) => found(at, leastFall));
  const fall = Math.min(...falls);
  const surest = falls.indexOf(fall);
  const { weeks } = known[surest]!;
  if (scale === 'plain') return { fall, rise: fall, weeks };
  return {
    fall: -Math.expm1(-fall),
    rise: Math.expm1(found(surest, Math.log1p(leastChange))),
    weeks,
  };
}

/** The change that is found in half of the noises by one of the windows; ∞ where none is. */
function foundInHalf(
  windows: readonly WindowError[],
  at: number,
  noises: readonly (readonly number[])[],
  mostP: number,
  least: number,
): number {
  const { error, degrees } = windows[at]!;
  const cases = noises.map((noise) => ({
    noise: noise[at]!,
    others: windows.flatMap((other, i) =>
      i === at ? [] : [studentP(noise[i]! / other.error, other.degrees)],
    ),
  }));
  const isSeen = (change: number): boolean => {
    const found = cases.filter(({ noise, others }) => {
      const seen = change + noise;
      return seen >= least && combineP([studentP(seen / error, degrees), ...others]) <= mostP;
    });
    return 2 * found.length >= cases.length;
  };
  let [low, high] = [0, Math.max(error, least)];
  while (!isSeen(high)) {
    if (high > MOST_ERRORS * error) return Infinity;
    [low, high] = [high, 2 * high];
  }
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (isSeen(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Of each draw, the noise of each window: the mean of its weeks' noises, on its own scale. The same draws every time. */
function drawNoises(windows: readonly WindowError[]): number[][] {
  const longest = Math.max(...windows.map(({ weeks }) => weeks));
  const next = normal();
  return Array.from({ length: PAIRS }).flatMap(() => {
    const weekly = Array.from({ length: longest }, next);
    const noises = windows.map(({ weeks, error }) => {
      const sum = weekly.slice(-weeks).reduce((total, noise) => total + noise, 0);
      return (error * sum) / Math.sqrt(weeks);
    });
    return [noises, noises.map((noise) => -noise)];
  });
}

/** Normal variables from a fixed start (Box–Muller over a 32-bit generator), so that a result is the same whenever it is computed. */
function normal(): () => number {
  let state = 1;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
