import { ConfigurationError, formatWeek, parseWeek } from '@hemline/core';
import { expect, test } from 'vitest';
import { formatWindow, lastWeekOf, rollingCutoffs } from '../src/window.ts';

const lastWeek = parseWeek('1992-10-01');

test('cutoffs roll back from the end, windows side by side', () => {
  expect(rollingCutoffs({ lastWeek, count: 3, horizon: 8 }).map(formatWeek)).toEqual([
    '1992-04-16',
    '1992-06-11',
    '1992-08-06',
  ]);
});

test('maturity leaves weeks after the last window; step sets cutoffs apart', () => {
  expect(
    rollingCutoffs({ lastWeek, count: 2, horizon: 4, step: 1, maturityWeeks: 14 }).map(formatWeek),
  ).toEqual(['1992-05-21', '1992-05-28']);
});

test('numbers that make no sense are refused', () => {
  for (const wrong of [{ count: 0 }, { horizon: 1.5 }, { step: 0 }, { maturityWeeks: -1 }])
    expect(() => rollingCutoffs({ lastWeek, count: 1, horizon: 8, ...wrong })).toThrow(ConfigurationError);
});

test('a window excludes its cutoff and includes its last week', () => {
  const window = { cutoff: parseWeek('1992-04-16'), horizon: 8 };
  expect(formatWeek(lastWeekOf(window))).toBe('1992-06-11');
  expect(formatWindow(window)).toBe('(1992-04-16, 1992-06-11]');
});
