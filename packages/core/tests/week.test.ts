import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError } from '../src/errors/causes.ts';
import {
  addWeeks,
  checkCutoff,
  formatWeek,
  parseWeek,
  weekOfDay,
  weeksAhead,
  weeksBetween,
} from '../src/weeks/week.ts';

const weeks = fc.integer({ min: -10_000, max: 60_000 });

describe('weeks', () => {
  it('are days since 1970-01-01 of the first day, on any weekday', () => {
    expect(parseWeek('1970-01-01')).toBe(0);
    expect(parseWeek('1992-04-16')).toBe(8141);
    expect(formatWeek(8141)).toBe('1992-04-16');
  });

  it('parse what they print', () => {
    fc.assert(fc.property(weeks, (week) => parseWeek(formatWeek(week)) === week));
  });

  it.each(['1992-4-16', '1992-02-30', '16.04.1992', '', '1992-04-16T00:00'])('refuse %j', (text) => {
    expect(() => parseWeek(text)).toThrow(DataError);
  });

  it('add and subtract', () => {
    fc.assert(
      fc.property(
        weeks,
        fc.integer({ min: -200, max: 200 }),
        (week, n) => weeksBetween(week, addWeeks(week, n)) === n,
      ),
    );
    expect([...weeksAhead(8141, 2)].map(formatWeek)).toEqual(['1992-04-23', '1992-04-30']);
  });

  it('are checked for the weekday that the data begins its weeks on', () => {
    checkCutoff(parseWeek('1992-04-16'), parseWeek('1992-10-01'));
    expect(() => checkCutoff(parseWeek('1992-04-17'), parseWeek('1992-10-01'))).toThrow(
      /expected the first day of a week, such as 1992-04-16 or 1992-04-23, found 1992-04-17/,
    );
  });

  it('hold each day in exactly one week', () => {
    fc.assert(
      fc.property(weeks, weeks, (day, anchor) => {
        const week = weekOfDay(day, anchor);
        return week <= day && day < week + 7 && Number.isInteger(weeksBetween(anchor, week));
      }),
    );
  });
});
