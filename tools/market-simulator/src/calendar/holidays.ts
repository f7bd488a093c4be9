import type { Week } from '@hemline/core';

const MILLISECONDS_PER_DAY = 86_400_000;

/**
 * How much the feasts and sales of the year move the logarithm of a week's demand, at full strength: Black Friday, the
 * weeks before Christmas, the lull after it, the winter and summer sales, and the week before Easter.
 * @param week first day of the week
 * @returns the sum of what falls into the week
 */
export function holidayLift(week: Week): number {
  // A week belongs to the year in which its middle lies, so that no feast is lost at the turn of the year.
  const year = yearOfDay(week + 3);
  const holds = (day: number): boolean => day >= week && day < week + 7;
  let lift = 0;

  const blackFriday = dayOf(year, 11, 1) + ((11 - weekdayOf(dayOf(year, 11, 1))) % 7) + 22;
  if (holds(blackFriday)) lift += 0.4;
  if (holds(blackFriday + 7)) lift += 0.15;

  const weeksToChristmas = Math.floor((dayOf(year, 12, 24) - week) / 7);
  lift += { 3: 0.12, 2: 0.25, 1: 0.35, 0: 0.1, [-1]: -0.3 }[weeksToChristmas] ?? 0;

  const day = week + 3 - dayOf(year, 1, 1);
  if (day >= 3 && day < 24) lift += 0.12;
  if (day >= 175 && day < 196) lift += 0.12;

  if (holds(easterSunday(year) - 3)) lift += 0.1;
  return lift;
}

/**
 * Easter Sunday of the Gregorian calendar by the method of Meeus, Jones and Butcher.
 * @param year of the common era
 * @returns days since 1970-01-01
 */
export function easterSunday(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const e = b % 4;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30;
  const l = (32 + 2 * e + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return dayOf(year, Math.floor(n / 31), (n % 31) + 1);
}

/**
 * @param day days since 1970-01-01
 * @returns the calendar year it lies in
 */
export function yearOfDay(day: number): number {
  return new Date(day * MILLISECONDS_PER_DAY).getUTCFullYear();
}

/**
 * @param year of the common era
 * @param month 1 to 12
 * @param dayOfMonth 1 to 31
 * @returns days since 1970-01-01
 */
export function dayOf(year: number, month: number, dayOfMonth: number): number {
  return Date.UTC(year, month - 1, dayOfMonth) / MILLISECONDS_PER_DAY;
}

/** 0 is Sunday; 1970-01-01 was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}
