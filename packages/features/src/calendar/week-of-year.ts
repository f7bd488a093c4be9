import type { Week } from '@hemline/core';

/** Mean length of a year of the Gregorian calendar in days. */
const YEAR_DAYS = 365.2425;

/**
 * The first day of a calendar year (Hinnant 2021, "chrono-compatible low-level date algorithms").
 * @param year of the proleptic Gregorian calendar
 * @returns days since 1970-01-01
 */
export function newYear(year: number): number {
  const before = year - 1;
  return (
    365 * (year - 1970) + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) - 477
  );
}

/**
 * @param day since 1970-01-01
 * @returns the calendar year that it lies in
 */
export function yearOf(day: number): number {
  const guess = 1970 + Math.floor(day / YEAR_DAYS);
  if (day < newYear(guess)) return guess - 1;
  return day < newYear(guess + 1) ? guess : guess + 1;
}

/**
 * The number of the week in its year by ISO 8601: that of the week's first day.
 * @param week days since 1970-01-01
 * @returns 1 … 53
 */
export function weekOfYear(week: Week): number {
  const weekday = (((week + 3) % 7) + 7) % 7;
  const thursday = week - weekday + 3;
  return Math.floor((thursday - newYear(yearOf(thursday))) / 7) + 1;
}

/**
 * How much of the year is over in the middle of a week.
 * @param week days since 1970-01-01
 * @returns 0 … 1, 1 exclusive
 */
export function yearFraction(week: Week): number {
  const middle = week + 3.5;
  const year = yearOf(Math.floor(middle));
  const start = newYear(year);
  return (middle - start) / (newYear(year + 1) - start);
}
