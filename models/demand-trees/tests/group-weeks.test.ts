import { Batch, stringsToColumn } from '@hemline/core';
import { expect, it } from 'vitest';
import { GroupWeeks } from '../src/group-weeks.ts';
import type { SeriesStore } from '../src/series-store.ts';

/** Series of three weeks each from a Monday on, with a covariate. */
function store(
  demand: readonly number[],
  depth: readonly number[],
  covariate: readonly number[],
): SeriesStore {
  const series = demand.length / 3;
  const names = Array.from({ length: series }, (_, i) => `A${i}`);
  return {
    keys: new Batch({ article: stringsToColumn(names), market: stringsToColumn(names.map(() => 'DE')) }),
    offsets: Uint32Array.from({ length: series + 1 }, (_, i) => 3 * i),
    weeks: Int32Array.from(demand, (_, row) => 7 * (100 + (row % 3))),
    demand: Float64Array.from(demand),
    depth: Float64Array.from(depth),
    logPrice: new Float64Array(demand.length),
    planned: [Float64Array.from(covariate)],
    past: [],
    codes: [],
    statics: [],
    prior: new Float64Array(series),
  };
}

const groups = new GroupWeeks(1);
groups.add(
  store([1, 3, NaN, 7, NaN, NaN], [0, 0.25, 0.5, 0.125, NaN, 0.75], [1, 0, 1, NaN, 0, 0]),
  Int32Array.of(0, 0),
);
groups.add(store([0, 0, 0], [0.375, 0.5, 0.5], [1, 1, 1]), Int32Array.of(0));

it('tells what the others plan, without the series that asks', () => {
  // Depths of the first week: 0, 0.125, 0.375.
  expect(groups.others(0, 700, 0)).toEqual({ depth: 0.25, deepest: 0.375 });
  expect(groups.others(0, 700, 0.375)).toEqual({ depth: 0.0625, deepest: 0.125 });
  // One that has no plan of its own sees all there are.
  expect(groups.others(0, 707, NaN)).toEqual({ depth: 0.375, deepest: 0.5 });
  expect(groups.othersCovariate(0, 707, 0, 1)).toBe(0);
  expect(groups.othersCovariate(0, 700, 0, NaN)).toBe(1);
  expect(groups.others(0, 7 * 50, 0)).toEqual({ depth: NaN, deepest: NaN });
  expect(groups.others(9, 700, 0)).toEqual({ depth: NaN, deepest: NaN });
});

it('tells the level of a group over its last weeks, of what is known', () => {
  const logs = (units: readonly number[]): number =>
    units.reduce((sum, one) => sum + Math.log1p(one), 0) / units.length;
  expect(groups.level(0, 700, 1)).toBeCloseTo(logs([1, 7, 0]), 6);
  expect(groups.level(0, 707, 2)).toBeCloseTo(logs([1, 7, 0, 3, 0]), 6);
  expect(groups.level(0, 7 * 50, 4)).toBeNaN();
});
