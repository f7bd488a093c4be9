import type { BusinessLimit } from '../limits/limits-schema.ts';

/** Of the way between the limit and what the plans come to without it: so much is shown beyond both. */
const BEYOND = 0.25;
/** Of a value: where limit and plans are nearly the same, so much is shown around them. */
const AROUND = 0.1;
/** A discount rate is shown this far around at least. */
const AROUND_RATE = 0.02;

/**
 * Values that a limit is moved to where none are asked for: evenly spread around its bounds and what the plans come to without it, at
 * round numbers.
 * @param limit that is moved
 * @param free what the plans come to without it; NaN of a rate of nothing sold
 * @param count how many, at least 2
 * @returns values, rising; some fewer where rounding makes them one
 */
export function spreadValues(limit: BusinessLimit, free: number, count: number): readonly number[] {
  const isRate = limit.limit === 'discount-rate';
  const known = [limit.lower, limit.upper, free].filter(
    (value): value is number => value !== undefined && Number.isFinite(value),
  );
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const around = Math.max(BEYOND * (high - low), AROUND * Math.abs(high), isRate ? AROUND_RATE : 1);
  const least = Math.max(0, low - around);
  const most = isRate ? Math.min(0.95, high + around) : high + around;
  const step = (most - least) / (count - 1);
  // A tenth of a step is as exact as anybody reads it.
  const unit = 10 ** Math.floor(Math.log10(step) - 1);
  const values = Array.from({ length: count }, (_, i) => round(least + i * step, unit));
  return [...new Set(values)];
}

function round(value: number, unit: number): number {
  const steps = Math.round(value / unit);
  // Divided by whole numbers, 0.15 is 0.15.
  return unit < 1 ? steps / Math.round(1 / unit) : steps * unit;
}

/** A value that is asked for, and on which side of it the plans have to be. */
export interface FrontierTarget {
  readonly value: number;
  readonly isUpper: boolean;
  /** Whether the file states this bound, on this side. */
  readonly isLimit: boolean;
}

/**
 * Which side of a value costs something: below what the plans come to by themselves it is a limit from above, beyond it from below.
 * @param limit that is moved
 * @param free what the plans come to without it
 * @param values asked for
 * @returns targets on either side, from the free value outwards; a bound of the file that binds is one whether it was asked for or not
 */
export function frontierTargets(
  limit: BusinessLimit,
  free: number,
  values: readonly number[],
): readonly (readonly FrontierTarget[])[] {
  // Of a rate of nothing sold nothing is known: it is taken to be below all.
  const middle = Number.isFinite(free) ? free : -Infinity;
  const bounds = [
    ...(limit.upper !== undefined && limit.upper <= middle ? [limit.upper] : []),
    ...(limit.lower !== undefined && limit.lower > middle ? [limit.lower] : []),
  ];
  const all = [...new Set([...values, ...bounds])].sort((a, b) => a - b);
  const target = (value: number, isUpper: boolean): FrontierTarget => ({
    ...{ value, isUpper, isLimit: bounds.includes(value) },
  });
  return [
    all
      .filter((value) => value <= middle)
      .reverse()
      .map((value) => target(value, true)),
    all.filter((value) => value > middle).map((value) => target(value, false)),
  ];
}
