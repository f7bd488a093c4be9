import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LatestWeeks } from '../src/latest-weeks.ts';

test('the latest weeks are kept, in whatever order they come', () => {
  const observations = fc.uniqueArray(
    fc.record({ series: fc.nat(3), week: fc.nat(40), value: fc.nat(100) }),
    { selector: ({ series, week }) => `${series}/${week}` },
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), observations, (capacity, rows) => {
      const latest = new LatestWeeks(capacity);
      for (const { series, week, value } of rows) latest.add(series * 200, week, value);
      for (let series = 0; series < 4; series++) {
        const own = rows
          .filter((row) => row.series === series)
          .sort((a, b) => a.week - b.week)
          .slice(-capacity);
        expect(latest.count(series * 200)).toBe(own.length);
        const mean = own.reduce((sum, { value }) => sum + value, 0) / own.length;
        expect(latest.mean(series * 200)).toBe(mean);
      }
    }),
  );
});

test('a series never seen has no weeks', () => {
  const latest = new LatestWeeks(2);
  expect(latest.count(-1)).toBe(0);
  expect(latest.count(1_000_000)).toBe(0);
  expect(latest.mean(3)).toBeNaN();
});
