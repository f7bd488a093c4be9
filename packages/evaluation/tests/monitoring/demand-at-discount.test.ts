import { expect, it } from 'vitest';
import { DemandAtDiscount } from '../../src/monitoring/demand-at-discount.ts';

it('takes the level itself, or interpolates log-linearly between its neighbours, in whatever order they come', () => {
  const found = new DemandAtDiscount(Float64Array.of(0.2, 0.25, 0.9, 0.05, 0.25));
  for (let row = 0; row < 4; row++)
    for (const [level, demand] of [
      [0.3, 16],
      [0.1, 2],
      [0.2, 4],
    ] as const)
      found.add(row, level, demand);
  expect(found.at(0)).toBe(4);
  expect(found.at(1)).toBeCloseTo(8, 12);
  // Outside of the grid the nearest level stands; without any there is no forecast.
  expect([found.at(2), found.at(3), found.at(4)]).toEqual([16, 2, NaN]);
});

it('interpolates linearly where no logarithm is', () => {
  const found = new DemandAtDiscount(Float64Array.of(0.15));
  found.add(0, 0.1, 0);
  found.add(0, 0.2, 4);
  expect(found.at(0)).toBeCloseTo(2, 12);
});
