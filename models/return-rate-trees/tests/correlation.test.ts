import { KeyIndex } from '@hemline/core';
import { SeededRandom } from '@hemline/evaluation/testing';
import { describe, expect, test } from 'vitest';
import type { CohortTable } from '../src/cohort-table.ts';
import { independentUnits, unitCorrelation } from '../src/correlation.ts';

/** Cohorts of many sizes; with a chance of `correlation` a cohort is one order, which comes back whole or not at all. */
function cohorts(correlation: number, seed: number): CohortTable {
  const random = new SeededRandom(seed);
  const [series, weeks] = [400, 30];
  const count = series * weeks;
  const units = Float64Array.from({ length: count }, () => 1 + random.below(12));
  const returned = units.map((sold, row) => {
    const rate = 0.2 + (0.4 * (Math.floor(row / weeks) % 5)) / 4;
    return random.chance(correlation) ? (random.chance(rate) ? sold : 0) : random.binomial(sold, rate);
  });
  const none = new Int32Array(0);
  return {
    keys: new KeyIndex(['article', 'market']),
    series: Int32Array.from({ length: series }, (_, one) => one),
    offsets: Int32Array.from({ length: series + 1 }, (_, one) => one * weeks),
    firstWeek: 0,
    week: Int32Array.from({ length: count }, (_, row) => row % weeks),
    units,
    returned,
    discount: new Float32Array(count),
    price: new Float32Array(count),
    available: new Float32Array(count),
    back: { series: none, week: none, units: new Float64Array(0), row: none },
  };
}

const mature = new Float64Array(400 * 15).fill(1);

describe('how alike the units of a cohort are', () => {
  // One order or independent units: the correlation of two units is the chance of one order.
  test.each([0, 0.1, 0.5, 1])('is found: %f', (correlation) => {
    expect(unitCorrelation(cohorts(correlation, 7), 60, mature, 15)).toBeCloseTo(correlation, 1);
  });

  test('makes many units of one order count as one', () => {
    const table = cohorts(1, 7);
    const scaled = independentUnits(table, 1);
    scaled.units.forEach((units) => expect(units).toBeCloseTo(1, 12));
    scaled.returned.forEach((units, row) =>
      expect(units).toBeCloseTo(table.returned[row]! / table.units[row]!, 12),
    );
    expect(independentUnits(table, 0)).toBe(table);
  });
});
