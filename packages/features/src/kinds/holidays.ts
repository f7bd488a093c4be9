import { DAYS_PER_WEEK, nearest, parseWeek } from '@hemline/core';
import { z } from 'zod';
import { daysInWeeks, weeksSinceLast, weeksToNext } from '../calendar/days-by-week.ts';
import { daysOfRule, HolidayCalendar } from '../calendar/holiday-calendar.ts';
import type { PlannedFeature, SeriesView } from './feature.ts';
import { kindOptions, noSense, readOptions, type OptionsOf } from './options.ts';
import { WeekTable } from './week-table.ts';

/** What is told of days: how many lie in the week, how many weeks to the next, how many since the last. */
export type DayMeasure = 'count' | 'to' | 'since';

const DAY_OPTIONS = {
  measure: z
    .enum(['count', 'to', 'since'])
    .describe('the days in the week, the weeks to the next one, or those since the last'),
  limit: z.int().min(1).default(26).describe('the most weeks that are told'),
};

/** Options of `holidays`. */
export const HOLIDAYS = kindOptions('holidays', null, {
  ...DAY_OPTIONS,
  countries: z.record(z.string(), z.string()).readonly().optional().meta({
    values: "ISO countries by market, such as { Nordics: 'SE' }",
    description: 'countries of markets whose names are none',
  }),
});

/** Options of `saleEvent`. */
export const SALE_EVENT = kindOptions('saleEvent', null, {
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]*$/)
    .meta({
      values: 'lower case with underscores, such as black_friday',
      description: 'an event that is known by name, or that `rule` or `dates` tell',
    }),
  ...DAY_OPTIONS,
  rule: z
    .string()
    .optional()
    .meta({ values: 'a rule of date-holidays, such as 12-24', description: 'when it comes each year' }),
  dates: z
    .array(z.string())
    .readonly()
    .optional()
    .meta({ values: 'a list of ISO dates', description: 'when it came and comes, where there is no rule' }),
});

/** Of public holidays. */
export type HolidayOptions = OptionsOf<typeof HOLIDAYS>;

/** Of something that sells: it comes by a rule, or on dates. */
export type SaleEventOptions = OptionsOf<typeof SALE_EVENT>;

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
 * @throws ConfigurationError when an option makes no sense
 */
export function holidays(options: HolidayOptions): PlannedFeature {
  const { countries = {}, measure, limit } = readOptions(HOLIDAYS, options);
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
  const { name, measure, limit, dates, rule = SALE_EVENTS[name] } = readOptions(SALE_EVENT, options);
  const known = Object.keys(SALE_EVENTS);
  if (rule === undefined && dates === undefined) {
    const close = nearest(name, known);
    throw noSense('saleEvent', {
      expected: `rule or dates, as ${name} does not say when it is; without, name: one of ${known.join(', ')}`,
      found: `name: ${name}`,
      ...(close === undefined ? {} : { remedy: `Did you mean ${close}?` }),
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
