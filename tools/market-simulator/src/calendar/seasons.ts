import { weekOfDay, type Week } from '@hemline/core';
import { dayOf, yearOfDay } from './holidays.ts';

/** A season for which articles are bought. */
export interface Season {
  /** `SS22` is spring and summer 2022, `AW22` autumn and winter from 2022 on. */
  readonly name: string;
  readonly firstLaunch: Week;
  readonly lastLaunch: Week;
  /** Last week on sale. */
  readonly end: Week;
}

/** The season of articles that are sold the whole year round. */
export const EVERGREEN = 'NOS';

/**
 * The seasons of which something can be on sale in a span of weeks.
 * @param from first week; also says on which weekday weeks begin
 * @param until last week
 * @returns in order of time
 */
export function seasonsBetween(from: Week, until: Week): Season[] {
  const seasons: Season[] = [];
  const week = (year: number, month: number, day: number): Week => weekOfDay(dayOf(year, month, day), from);
  for (let year = yearOfDay(from) - 1; year <= yearOfDay(until) + 1; year++) {
    const suffix = String(year % 100).padStart(2, '0');
    seasons.push(
      {
        name: `SS${suffix}`,
        firstLaunch: week(year, 1, 9),
        lastLaunch: week(year, 5, 14),
        end: week(year, 8, 31),
      },
      {
        name: `AW${suffix}`,
        firstLaunch: week(year, 7, 10),
        lastLaunch: week(year, 11, 12),
        end: week(year + 1, 2, 28),
      },
    );
  }
  return seasons.filter((season) => season.end >= from && season.firstLaunch <= until);
}
