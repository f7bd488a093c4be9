import { ConfigurationError, DAYS_PER_WEEK, parseWeek } from '@hemline/core';
import { daysInWeeks, weeksSinceLast, weeksToNext } from '../calendar/days-by-week.ts';
import { daysOfRule, HolidayCalendar } from '../calendar/holiday-calendar.ts';
import type { PlannedFeature, SeriesView } from './feature.ts';
import { oneOf, wholeNumber } from './parameters.ts';
import { WeekTable } from './week-table.ts';

/** What is told of days: how many lie in the week, how many weeks to the next, how many since the last. */
export type DayMeasure = 'count' | 'to' | 'since';

const MEASURES: readonly DayMeasure[] = ['count', 'to', 'since'];

/** Of public holidays. */
export interface HolidayOptions {
  readonly measure: DayMeasure;
  /** Country of each market whose name is no ISO country code: `{ Nordics: 'SE' }`. */
  readonly countries?: Readonly<Record<string, string>>;
  /** The most weeks that are told; 26 by default. */
  readonly limit?: number;
}

/** Of something that sells: it comes by a rule, or on dates. */
export interface SaleEventOptions {
  /** Lower case, with underscores. */
  readonly name: string;
  readonly measure: DayMeasure;
  /** In the grammar of date-holidays: `friday after 4th thursday in November`. */
  readonly rule?: string;
  /** ISO dates, where there is no rule. */
  readonly dates?: readonly string[];
  /** The most weeks that are told; 26 by default. */
  readonly limit?: number;
}

/** Events that sell in most markets, by rule. */
export const SALE_EVENTS: Readonly<Record<string, string>> = {
  black_friday: 'friday after 4th thursday in November',
  cyber_monday: 'monday after 4th thursday in November',
  christmas: '12-24',
  easter: 'easter -2',
  new_year_sale: '12-27',
  valentines_day: '02-14',
  singles_day: '11-11',
};

/**
 * Public holidays of the market's country: their number in the week, or the weeks to the next or since the last one.
 * @param options what is told, countries of markets
 * @returns the feature: `holidays_in_week`, `weeks_to_holiday` or `weeks_since_holiday`
 * @throws ConfigurationError when it is not said what is told
 */
export function holidays(options: HolidayOptions): PlannedFeature {
  // Called without types, as in a model that is not type-checked, the options may be missing.
  const { countries = {} } = (options as HolidayOptions | undefined) ?? {};
  const measure = oneOf('holidays', 'measure', (options as HolidayOptions | undefined)?.measure, MEASURES);
  const limit = wholeNumber('holidays', 'limit', options.limit ?? 26, 1);
  const tables = new Map<string, WeekTable>();
  const tableOf = (market: string): WeekTable => {
    const country = Object.hasOwn(countries, market) ? countries[market]! : market;
    let table = tables.get(country);
    if (table === undefined) {
      const calendar = new HolidayCalendar(country, market);
      table = new WeekTable(measured(measure, limit, (from, to) => calendar.days(from, to)));
      tables.set(country, table);
    }
    return table;
  };
  return {
    ...atTheWeek(NAMES[measure]('holiday', 'holidays'), { kind: 'holidays', ...options, limit }),
    attributes: ['market'],
    fill(series, out) {
      tableOf(marketOf(series)).copy(series.week, out, series.from, series.to);
    },
  };
}

/**
 * Something that sells, such as Black Friday: whether it is in the week, or the weeks to the next or since the last one.
 * @param options name, rule or dates, what is told
 * @returns the feature, such as `weeks_to_black_friday`
 * @throws ConfigurationError when there is neither rule nor date, or one that cannot be read, or it is not said what is told
 */
export function saleEvent(options: SaleEventOptions): PlannedFeature {
  const { name, rule = SALE_EVENTS[name], dates } = options;
  const measure = oneOf('saleEvent', 'measure', options.measure, MEASURES);
  const limit = wholeNumber('saleEvent', 'limit', options.limit ?? 26, 1);
  if ((rule === undefined && dates === undefined) || !/^[a-z][a-z0-9_]*$/.test(name)) {
    throw new ConfigurationError('a sale event does not say when it is', {
      expected: `a name in lower case, and a rule or dates; without, one of ${Object.keys(SALE_EVENTS).join(', ')}`,
      found: JSON.stringify(options),
    });
  }
  const days = dates === undefined ? null : Int32Array.from(dates, parseWeek).sort();
  // Whether the rule can be read should not be told only when it is used.
  if (days === null) daysOfRule(rule!, parseWeek('2024-01-01'), parseWeek('2025-01-01'));
  const table = new WeekTable(measured(measure, limit, (from, to) => days ?? daysOfRule(rule!, from, to)));
  return {
    ...atTheWeek(NAMES[measure](name, name), {
      kind: 'saleEvent',
      ...options,
      limit,
    }),
    fill({ from, to, week }, out) {
      table.copy(week, out, from, to);
    },
  };
}

const NAMES: Readonly<Record<DayMeasure, (one: string, several: string) => string>> = {
  count: (_one, several) => `${several}_in_week`,
  to: (one) => `weeks_to_${one}`,
  since: (one) => `weeks_since_${one}`,
};

function measured(
  measure: DayMeasure,
  limit: number,
  days: (from: number, to: number) => Int32Array,
): (weeks: Int32Array) => Float64Array {
  return (weeks) => {
    // As far as the limit sees.
    const reach = (limit + 1) * DAYS_PER_WEEK;
    const all = days(weeks[0]! - reach, weeks.at(-1)! + reach);
    if (measure === 'count') return daysInWeeks(weeks, all);
    return measure === 'to' ? weeksToNext(weeks, all, limit) : weeksSinceLast(weeks, all, limit);
  };
}

function atTheWeek(name: string, definition: PlannedFeature['definition']): Omit<PlannedFeature, 'fill'> {
  return { looks: 'at the week', name, definition, reads: [], attributes: [], groups: [] };
}

function marketOf(series: SeriesView): string {
  return series.text('market')!;
}
