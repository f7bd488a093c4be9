import { ConfigurationError, DataError } from '../errors/causes.ts';

/**
 * A week is the date of its first day, as days since 1970-01-01 (the value of a Parquet DATE). Which weekday begins a
 * week is the data's own choice: weeks of one dataset differ by multiples of seven days.
 */
export type Week = number;

/** Days in a week: the step of every series. */
export const DAYS_PER_WEEK = 7;

const MILLISECONDS_PER_DAY = 86_400_000;

/**
 * @param text an ISO date such as `1992-04-16`
 * @returns days since 1970-01-01
 * @throws DataError when it is no date of the calendar
 */
export function parseWeek(text: string): Week {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text.trim());
  const milliseconds =
    match === null ? NaN : Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
  const week = milliseconds / MILLISECONDS_PER_DAY;
  if (Number.isNaN(week) || formatWeek(week) !== text.trim()) {
    throw new DataError('not a week', {
      expected: "the date of a week's first day as YYYY-MM-DD",
      found: JSON.stringify(text),
    });
  }
  return week;
}

/**
 * @param week days since 1970-01-01
 * @returns the ISO date, `1992-04-16`
 */
export function formatWeek(week: Week): string {
  return new Date(week * MILLISECONDS_PER_DAY).toISOString().slice(0, 10);
}

/**
 * @param week where to start
 * @param count how many weeks to go on; negative goes back
 * @returns the week `count` weeks later
 */
export function addWeeks(week: Week, count: number): Week {
  return week + count * DAYS_PER_WEEK;
}

/**
 * @param from the earlier week
 * @param to the later week
 * @returns the number of weeks from `from` to `to`; a fraction when they begin on different weekdays
 */
export function weeksBetween(from: Week, to: Week): number {
  return (to - from) / DAYS_PER_WEEK;
}

/**
 * @param cutoff the last known week
 * @param horizon how many weeks ahead
 * @returns the weeks `cutoff + 1 … cutoff + horizon`
 */
export function weeksAhead(cutoff: Week, horizon: number): Int32Array {
  return Int32Array.from({ length: horizon }, (_, i) => addWeeks(cutoff, i + 1));
}

/**
 * Checks that a cutoff is a week of the data: weeks that were counted on from another weekday would match no row.
 * @param cutoff asked for
 * @param anchor any week of the data
 * @throws ConfigurationError that names the nearest weeks
 */
export function checkCutoff(cutoff: Week, anchor: Week): void {
  const week = weekOfDay(cutoff, anchor);
  if (week === cutoff) return;
  throw new ConfigurationError('the cutoff is no week of the data', {
    expected: `the first day of a week, such as ${formatWeek(week)} or ${formatWeek(addWeeks(week, 1))}`,
    found: formatWeek(cutoff),
    remedy: 'Weeks of this dataset begin on another weekday.',
  });
}

/**
 * @param day a day since 1970-01-01
 * @param anchor any week of the calendar in use
 * @returns the week that the day falls into
 */
export function weekOfDay(day: number, anchor: Week): Week {
  return day - ((((day - anchor) % DAYS_PER_WEEK) + DAYS_PER_WEEK) % DAYS_PER_WEEK);
}
