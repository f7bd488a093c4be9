import { DAYS_PER_WEEK } from '@hemline/core';

/**
 * How many of some days lie in each week.
 * @param weeks first days of weeks
 * @param days rising
 * @returns a number a week
 */
export function daysInWeeks(weeks: Int32Array, days: Int32Array): Float64Array {
  return Float64Array.from(
    weeks,
    (week) => days.filter((day) => day >= week && day < week + DAYS_PER_WEEK).length,
  );
}

/**
 * Weeks from each week to the next of some days: 0 where one lies in the week, 1 in the week before it.
 * @param weeks first days of weeks
 * @param days rising
 * @param limit the most that is told
 * @returns a number a week
 */
export function weeksToNext(weeks: Int32Array, days: Int32Array, limit: number): Float64Array {
  return Float64Array.from(weeks, (week) => {
    const next = days.find((day) => day >= week);
    return next === undefined ? limit : Math.min(limit, Math.floor((next - week) / DAYS_PER_WEEK));
  });
}

/**
 * Weeks since the last of some days: 0 where one lies in the week, 1 in the week after it.
 * @param weeks first days of weeks
 * @param days rising
 * @param limit the most that is told
 * @returns a number a week
 */
export function weeksSinceLast(weeks: Int32Array, days: Int32Array, limit: number): Float64Array {
  return Float64Array.from(weeks, (week) => {
    const last = days.findLast((day) => day < week + DAYS_PER_WEEK);
    return last === undefined
      ? limit
      : Math.min(limit, Math.max(0, Math.ceil((week - last) / DAYS_PER_WEEK)));
  });
}
