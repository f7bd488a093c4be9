import { addWeeks, ConfigurationError, formatWeek, type Week } from '@hemline/core';

/** The weeks that are forecast and compared: (cutoff, cutoff + horizon weeks]. */
export interface EvaluationWindow {
  /** The last week the model knows. */
  readonly cutoff: Week;
  /** Weeks after it. */
  readonly horizon: number;
}

/**
 * @param window any
 * @returns its last week
 */
export function lastWeekOf(window: EvaluationWindow): Week {
  return addWeeks(window.cutoff, window.horizon);
}

/**
 * @param window any
 * @returns for example `(1992-04-16, 1992-06-11]`
 */
export function formatWindow(window: EvaluationWindow): string {
  return `(${formatWeek(window.cutoff)}, ${formatWeek(lastWeekOf(window))}]`;
}

/** Where the cutoffs of a backtest lie. */
export interface RollingOptions {
  /** The last known week of the data. */
  readonly lastWeek: Week;
  /** How many cutoffs. */
  readonly count: number;
  readonly horizon: number;
  /** Weeks between cutoffs; the horizon by default, so that the windows do not overlap. */
  readonly step?: number;
  /** Weeks after the window until its observations are final (`QUANTITIES[…].maturityWeeks`); 0 by default. */
  readonly maturityWeeks?: number;
}

/**
 * The latest cutoffs whose windows lie within the data and are final.
 * @param options how many, how far apart
 * @returns the cutoffs, earliest first
 * @throws ConfigurationError when a number is no positive integer (maturity: no integer of at least 0)
 */
export function rollingCutoffs(options: RollingOptions): Week[] {
  const { lastWeek, count, horizon, step = horizon, maturityWeeks = 0 } = options;
  for (const [name, value, least] of [
    ['count', count, 1],
    ['horizon', horizon, 1],
    ['step', step, 1],
    ['maturityWeeks', maturityWeeks, 0],
  ] as const) {
    if (!Number.isInteger(value) || value < least)
      throw new ConfigurationError(`${name} is not valid`, {
        expected: `an integer of at least ${least}`,
        found: `${value}`,
      });
  }
  const last = addWeeks(lastWeek, -horizon - maturityWeeks);
  return Array.from({ length: count }, (_, i) => addWeeks(last, (i - count + 1) * step));
}
