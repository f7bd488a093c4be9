import { formatWeek, parseWeek } from '@hemline/core';
import { describe, expect, it } from 'vitest';
import { drawMarkets } from '../../src/assortment/markets.ts';
import { drawMarketCalendar } from '../../src/calendar/market-calendar.ts';
import { easterSunday, holidayLift } from '../../src/calendar/holidays.ts';
import { seasonsBetween } from '../../src/calendar/seasons.ts';

describe('holidays', () => {
  it.each([
    [2000, '2000-04-23'],
    [2008, '2008-03-23'],
    [2019, '2019-04-21'],
    [2024, '2024-03-31'],
    [2038, '2038-04-25'],
  ])('Easter of %i is %s', (year, date) => {
    expect(formatWeek(easterSunday(year))).toBe(date);
  });

  it('lift the week of Black Friday, the weeks before Christmas, and lower the one after', () => {
    // Black Friday was 2022-11-25; Christmas Eve 2022 a Saturday.
    const lift = (date: string) => holidayLift(parseWeek(date));
    expect(lift('2022-11-21')).toBeCloseTo(0.4);
    expect(lift('2022-11-28')).toBeCloseTo(0.15 + 0.12);
    expect(lift('2022-12-12')).toBeCloseTo(0.35);
    expect(lift('2022-12-26')).toBeLessThan(-0.1);
    expect(lift('2022-10-10')).toBe(0);
  });
});

describe('seasons', () => {
  it('cover every week, begin on the weekday of the data, and end after their launches', () => {
    const from = parseWeek('2021-10-07');
    const seasons = seasonsBetween(from, parseWeek('2023-10-05'));
    expect(seasons.map(({ name }) => name)).toEqual(['AW21', 'SS22', 'AW22', 'SS23', 'AW23']);
    for (const { firstLaunch, lastLaunch, end } of seasons) {
      for (const week of [firstLaunch, lastLaunch, end]) expect(Math.abs((week - from) % 7)).toBe(0);
      expect(firstLaunch < lastLaunch && lastLaunch < end).toBe(true);
    }
    for (let i = 1; i < seasons.length; i++)
      expect(seasons[i]!.firstLaunch).toBeLessThanOrEqual(seasons[i - 1]!.end);
  });
});

describe('the calendar of a market', () => {
  it('does not change when the span grows', () => {
    const market = drawMarkets(1, 1)[0]!;
    const span = { firstWeek: parseWeek('2021-10-04'), weeks: 30, planWeeks: 0 };
    const short = drawMarketCalendar(1, market, span);
    const long = drawMarketCalendar(1, market, { ...span, weeks: 60 });
    short.factor.forEach((factor, group) =>
      expect(long.factor[group]!.slice(0, factor.length)).toEqual(factor),
    );
    const compared = short.campaign[0]!.length - 2;
    short.campaign.forEach((campaign, group) =>
      expect(long.campaign[group]!.slice(0, compared)).toEqual(campaign.slice(0, compared)),
    );
  });
});
