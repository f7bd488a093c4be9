import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addWeeks,
  Batch,
  ConfigurationError,
  formatWeek,
  parseWeek,
  stringsToColumn,
  dateColumn,
  float64Column,
  toPanel,
} from '@hemline/core';
import { daysInWeeks, weeksSinceLast, weeksToNext } from '../../src/calendar/days-by-week.ts';
import { daysOfRule, HolidayCalendar } from '../../src/calendar/holiday-calendar.ts';
import { weekOfYear, yearFraction, yearOf } from '../../src/calendar/week-of-year.ts';
import { FeatureSet } from '../../src/feature-set/feature-set.ts';
import { fillWeeks } from '../../src/panel/filled-panel.ts';
import { holidays, saleEvent } from '../../src/kinds/holidays.ts';

const golden = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`golden/${name}.json`, import.meta.url), 'utf8')) as T;

/** In England it is one, in Scotland it is none: python-holidays counts what all parts have. */
const EASTER_MONDAYS = [
  '2021-04-05',
  '2022-04-18',
  '2023-04-10',
  '2024-04-01',
  '2025-04-21',
  '2026-04-06',
  '2027-03-29',
  '2028-04-17',
];

describe('public holidays', () => {
  const known = golden<{ holidays: Record<string, string[]> }>('holidays').holidays;

  it.each(Object.entries(known))('of %s are those of python-holidays', (country, expected) => {
    const days = new HolidayCalendar(country).days(parseWeek('2021-01-01'), parseWeek('2029-01-01'));
    const all = country === 'GB' ? [...expected, ...EASTER_MONDAYS].sort() : expected;
    expect([...days].map(formatWeek)).toEqual(all);
  });

  it('are those of a region, or of what a country is called elsewhere', () => {
    const year = [parseWeek('2025-01-01'), parseWeek('2026-01-01')] as const;
    expect(new HolidayCalendar('CH-ZH').days(...year).length).not.toBe(
      new HolidayCalendar('CH-TI').days(...year).length,
    );
    expect(new HolidayCalendar('UK').days(...year)).toEqual(new HolidayCalendar('GB').days(...year));
  });

  it.each(['XX', 'de', 'CH-XX', '', 'constructor'])('of %j are not known', (country) => {
    expect(() => new HolidayCalendar(country, 'Nordics')).toThrow(
      /for the market Nordics.*countries: \{ 'Nordics'/s,
    );
  });
});

describe('the calendar', () => {
  it('numbers weeks as ISO 8601 does', () => {
    for (const [day, week] of golden<[number, number][]>('iso-weeks'))
      expect([day, weekOfYear(day)]).toEqual([day, week]);
  });

  it('knows the year of a day, and how much of it is over', () => {
    for (let day = -30_000; day < 60_000; day += 7) {
      expect(yearOf(day)).toBe(new Date(day * 86_400_000).getUTCFullYear());
      expect(yearFraction(day)).toBeGreaterThanOrEqual(0);
      expect(yearFraction(day)).toBeLessThan(1);
    }
  });

  it('measures the way to days and back', () => {
    const weeks = Int32Array.from([0, 7, 14, 21, 28, 35]);
    const days = Int32Array.from([16, 27]);
    expect([...daysInWeeks(weeks, days)]).toEqual([0, 0, 1, 1, 0, 0]);
    expect([...weeksToNext(weeks, days, 9)]).toEqual([2, 1, 0, 0, 9, 9]);
    expect([...weeksSinceLast(weeks, days, 9)]).toEqual([9, 9, 0, 0, 1, 2]);
  });

  it('goes by one a week, and never past a day', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 9 }),
        fc.nat(6),
        (list, weekday) => {
          const days = Int32Array.from(new Set(list)).sort();
          const weeks = Int32Array.from({ length: 100 }, (_, i) => weekday + 7 * i);
          const to = weeksToNext(weeks, days, 200);
          const since = weeksSinceLast(weeks, days, 200);
          const count = daysInWeeks(weeks, days);
          for (let i = 0; i < 100; i++) {
            expect(count[i]! > 0).toBe(to[i] === 0);
            expect(count[i]! > 0).toBe(since[i] === 0);
            if (i > 0 && to[i - 1]! > 0 && to[i]! < 200) expect(to[i]).toBe(to[i - 1]! - 1);
            if (i > 0 && since[i]! > 0 && since[i]! < 200) expect(since[i]).toBe(since[i - 1]! + 1);
          }
          expect(count.reduce((a, b) => a + b)).toBe(
            days.filter((day) => day >= weekday && day < weekday + 700).length,
          );
        },
      ),
    );
  });

  it('reads rules, and refuses what is none', () => {
    const year = [parseWeek('2025-01-01'), parseWeek('2027-01-01')] as const;
    const found = (rule: string): string[] => [...daysOfRule(rule, ...year)].map(formatWeek);
    expect(found('friday after 4th thursday in November')).toEqual(['2025-11-28', '2026-11-27']);
    expect(found('easter -2')).toEqual(['2025-04-18', '2026-04-03']);
    expect(found('12-24')).toEqual(['2025-12-24', '2026-12-24']);
    expect(() => found('whenever it suits')).toThrow(/no rule for a day of the year/);
  });
});

describe('features of holidays and events', () => {
  const weeks = Int32Array.from({ length: 8 }, (_, i) => addWeeks(parseWeek('2025-11-10'), i));
  const panel = fillWeeks(
    toPanel(
      new Batch({
        article: stringsToColumn([...weeks].flatMap(() => ['a', 'a'])),
        market: stringsToColumn([...weeks].flatMap(() => ['DE', 'Nordics'])),
        week: dateColumn(Int32Array.from([...weeks].flatMap((week) => [week, week]))),
        demand: float64Column(new Float64Array(16)),
      }),
    ),
  );
  const compute = (...features: ConstructorParameters<typeof FeatureSet>[0]) =>
    [...new FeatureSet(features).transform(panel, { cutoff: weeks[7]! }).values].map(([name, values]) => [
      name,
      [...values],
    ]);

  it('are those of each market', () => {
    const countries = { Nordics: 'SE' };
    expect(
      compute(holidays({ measure: 'count', countries }), holidays({ measure: 'to', countries, limit: 5 })),
    ).toEqual([
      // Germany: 25 and 26 December, 1 January. Sweden: besides, Christmas Eve and New Year's Eve are no public holidays.
      ['holidays_in_week', [0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 2, 1]],
      ['weeks_to_holiday', [5, 5, 4, 3, 2, 1, 0, 0, 5, 5, 4, 3, 2, 1, 0, 0]],
    ]);
    expect(() => compute(holidays({ measure: 'count' }))).toThrow(/for the market Nordics|found Nordics/);
  });

  it('know Black Friday, and the dates that they are told', () => {
    expect(
      compute(
        saleEvent({ name: 'black_friday', measure: 'to' }),
        saleEvent({ name: 'black_friday', measure: 'count' }),
        saleEvent({ name: 'club_days', measure: 'since', dates: ['2025-11-19'], limit: 3 }),
      ).map(([name, values]) => [name, values!.slice(0, 8)]),
    ).toEqual([
      ['weeks_to_black_friday', [2, 1, 0, 26, 26, 26, 26, 26]],
      ['black_friday_in_week', [0, 0, 1, 0, 0, 0, 0, 0]],
      ['weeks_since_club_days', [3, 0, 1, 2, 3, 3, 3, 3]],
    ]);
    expect(() => saleEvent({ name: 'opening', measure: 'to' })).toThrow(/does not say when it is/);
    expect(() => saleEvent({ name: 'opening', measure: 'to', dates: ['soon'] })).toThrow(/not a week/);
  });
});

it.each([
  ['holidays without options', () => (holidays as () => unknown)(), 'no measure'],
  ['holidays without a measure', () => (holidays as (options: object) => unknown)({}), 'no measure'],
  [
    'holidays with a wrong measure',
    () => (holidays as (options: object) => unknown)({ measure: 'counts' }),
    'Did you mean count?',
  ],
  [
    'a sale event with a wrong measure',
    () => (saleEvent as (options: object) => unknown)({ name: 'black_friday', measure: 'toString' }),
    'one of count, to, since',
  ],
])('%s: the error says what may be told', (_name, make, message) => {
  expect(make).toThrow(ConfigurationError);
  expect(make).toThrow(message);
});

it('the hint for a market of an unknown country guesses no country', () => {
  expect(() => new HolidayCalendar('M01')).toThrow("countries: { 'M01': 'DE' }");
});
