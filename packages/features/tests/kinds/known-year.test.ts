import { addWeeks, Batch, dateColumn, float64Column, stringsToColumn, toPanel } from '@hemline/core';
import { describe, expect, it, test } from 'vitest';
import { FeatureSet, knownYear, saleEvent, weeksSinceLaunch, yearWaves } from '../../src/index.ts';
import { fillWeeks, type FilledPanel } from '../../src/panel/filled-panel.ts';
import { FIRST_WEEK, GROUPS } from '../support/panels.ts';
import { SeededRandom } from '../support/random.ts';

const FEATURES = new FeatureSet([
  ...yearWaves(2),
  saleEvent({ name: 'easter', measure: 'to', limit: 4 }),
  weeksSinceLaunch(),
]);
const WITHOUT = FEATURES.names.slice(4);

/** Log of what the course of the year makes of demand, by week since the first one. */
type Course = (week: number) => number;

const summer: Course = (week) => 0.5 * Math.sin((2 * Math.PI * 7 * week) / 365.25);

/** Twelve series of three groups whose discounts go up and down, and with them demand. */
function shop(weeks: number, course: Course, seed = 1): FilledPanel {
  const random = new SeededRandom(seed);
  const rows = Array.from({ length: 12 * weeks }, (_, at) => ({
    series: Math.floor(at / weeks),
    week: at % weeks,
    discount: random.below(6) / 10,
  }));
  const panel = toPanel(
    new Batch({
      article: stringsToColumn(rows.map(({ series }) => `a${10 + series}`)),
      market: stringsToColumn(rows.map(() => 'DE')),
      week: dateColumn(Int32Array.from(rows, ({ week }) => addWeeks(FIRST_WEEK, week))),
      demand: float64Column(
        Float64Array.from(rows, ({ series, week, discount }) =>
          Math.round(
            20 * (1 + series / 12) * (1 - discount) ** -1.5 * Math.exp(course(week) + 0.3 * random.normal()),
          ),
        ),
      ),
      discount: float64Column(Float64Array.from(rows, ({ discount }) => discount)),
    }),
  );
  const group = stringsToColumn(Array.from({ length: 12 }, (_, series) => GROUPS[series % 3]!));
  return fillWeeks({ ...panel, series: panel.series.with({ group }) });
}

const lastOf = (weeks: number): number => addWeeks(FIRST_WEEK, weeks - 1);

describe('the year', () => {
  it('is told where it comes again, and nothing is changed', () => {
    expect(knownYear(FEATURES, [shop(104, summer)], lastOf(104))).toBe(FEATURES);
    expect(knownYear(FEATURES, [shop(150, summer)], lastOf(150))).toBe(FEATURES);
  });

  it('is left out where it is not known twice, and nothing else', () => {
    expect(knownYear(FEATURES, [shop(103, summer)], lastOf(103)).names).toEqual(WITHOUT);
  });

  it('is not known by weeks after the last known one', () => {
    expect(knownYear(FEATURES, [shop(150, summer)], lastOf(100)).names).toEqual(WITHOUT);
  });

  it('is left out where the second year is unlike the first', () => {
    const other: Course = (week) => (week < 52 ? summer(week) : -summer(week));
    expect(knownYear(FEATURES, [shop(104, other)], lastOf(104)).names).toEqual(WITHOUT);
  });

  it.each([1, 2, 3, 4, 5])('is left out where it makes no difference (seed %i)', (seed) => {
    expect(knownYear(FEATURES, [shop(110, () => 0, seed)], lastOf(110)).names).toEqual(WITHOUT);
  });
});

test('a shop that grows has no year for that', () => {
  const growing: Course = (week) => week / 100;
  expect(knownYear(FEATURES, [shop(120, growing)], lastOf(120)).names).toEqual(WITHOUT);
});

test('data without discounts, groups or any demand is no fault', () => {
  const panel = shop(104, summer);
  const { discount: _, ...columns } = Object.fromEntries(panel.rows.columns);
  const bare = { ...panel, rows: new Batch(columns), series: panel.series.select(['article', 'market']) };
  expect(knownYear(FEATURES, [bare], lastOf(104))).toBe(FEATURES);
  expect(knownYear(FEATURES, [], lastOf(104)).names).toEqual(WITHOUT);
  const unknown = {
    ...panel,
    rows: panel.rows.with({ demand: float64Column(new Float64Array(panel.rows.length).fill(NaN)) }),
  };
  expect(knownYear(FEATURES, [unknown], lastOf(104)).names).toEqual(WITHOUT);
});
