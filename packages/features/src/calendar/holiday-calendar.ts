import Holidays from 'date-holidays';
import { ConfigurationError, nearest, parseWeek } from '@hemline/core';
import { newYear, yearOf } from './week-of-year.ts';

const MILLISECONDS_PER_DAY = 86_400_000;
/** Names that markets have and ISO 3166 does not. */
const ALIASES = new Map([
  ['UK', 'GB'],
  ['EL', 'GR'],
]);

/** The public holidays of a country or one of its regions, by the library `date-holidays`. */
export class HolidayCalendar {
  readonly #holidays: Holidays;
  readonly #years = new Map<number, readonly number[]>();

  /**
   * @param country ISO 3166 code, with a region where one is meant: `DE`, `CH-ZH`
   * @param market whose country it is, for the message
   * @throws ConfigurationError for a country that the library does not know
   */
  constructor(country: string, market: string = country) {
    const [code = '', ...region] = (ALIASES.get(country) ?? country).split('-');
    const known = Object.keys(new Holidays().getCountries());
    if (!known.includes(code) || !isRegion(code, region)) {
      // A name with digits, such as M01, is no misspelt code: the nearest one would be a random country.
      const close = /^[A-Za-z]+$/.test(code) ? nearest(code.toUpperCase(), known) : undefined;
      throw new ConfigurationError('no holidays are known of a market', {
        expected: "an ISO country code, such as DE, or CH-ZH for a region's",
        found: market === country ? country : `${country}, for the market ${market}`,
        remedy: `Say which country it is: countries: { '${market}': '${close ?? 'DE'}' }.`,
      });
    }
    this.#holidays = new Holidays({ country: code, state: region[0], region: region[1] });
  }

  /**
   * @param from first day since 1970-01-01
   * @param to day after the last
   * @returns days that are public holidays, rising, by the date on the wall
   */
  days(from: number, to: number): Int32Array {
    const days = new Set<number>();
    // A holiday of several days may begin in the year before.
    for (let year = yearOf(from) - 1; newYear(year) < to; year++)
      for (const day of this.#ofYear(year)) if (day >= from && day < to) days.add(day);
    return Int32Array.from(days).sort();
  }

  #ofYear(year: number): readonly number[] {
    let days = this.#years.get(year);
    if (days === undefined) {
      days = this.#holidays
        .getHolidays(year)
        .filter(({ type }) => type === 'public')
        .flatMap(({ date, start, end }) => daysOf(date, start, end));
      this.#years.set(year, days);
    }
    return days;
  }
}

/**
 * Days of something that comes every year by a rule of `date-holidays`: `friday after 4th thursday in November`, `12-24`,
 * `easter -2`.
 * @param rule in the library's grammar
 * @param from first day since 1970-01-01
 * @param to day after the last
 * @returns the days, rising
 * @throws ConfigurationError for what is no rule
 */
export function daysOfRule(rule: string, from: number, to: number): Int32Array {
  // Rules stand beside the holidays of some country.
  const holidays = new Holidays('DE');
  const days: number[] = [];
  if (holidays.setHoliday(rule, { name: rule, type: 'observance' }) !== false)
    for (let year = yearOf(from); newYear(year) < to; year++)
      for (const each of holidays.getHolidays(year))
        if (each.name === rule) days.push(...daysOf(each.date, each.start, each.end));
  if (days.length === 0) {
    throw new ConfigurationError('this is no rule for a day of the year', {
      expected: 'a rule such as "friday after 4th thursday in November", "12-24" or "easter -2"',
      found: rule,
    });
  }
  return Int32Array.from(days.filter((day) => day >= from && day < to)).sort();
}

function isRegion(country: string, [state, region]: readonly string[]): boolean {
  const holidays = new Holidays();
  if (state === undefined) return true;
  const states = holidays.getStates(country) as Readonly<Record<string, string>> | undefined;
  if (states === undefined || !Object.hasOwn(states, state)) return false;
  if (region === undefined) return true;
  const regions = holidays.getRegions(country, state) as Readonly<Record<string, string>> | undefined;
  return regions !== undefined && Object.hasOwn(regions, region);
}

/** The date is that of the country; how many days it lasts is counted in hours, of which a day may have 23 or 25. */
function daysOf(date: string, start: Date, end: Date): number[] {
  const first = parseWeek(date.slice(0, 10));
  const count = Math.max(1, Math.round((end.getTime() - start.getTime()) / MILLISECONDS_PER_DAY));
  return Array.from({ length: count }, (_, i) => first + i);
}
