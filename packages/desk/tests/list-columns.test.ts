import { expect, it } from 'vitest';
import { firstWeekOf, plannedAt } from '../src/list/price-list.ts';
import { smallList } from './small-list.ts';

it('holds as many different discounts as people have fixed', () => {
  // Each article that is excluded stays at a discount of its own.
  const planned = Object.fromEntries(Array.from({ length: 700 }, (_, i) => [`A${i}`, [null, i / 1000, 0.5]]));
  const list = smallList(planned, ['A3']);
  expect(list.discounts.length).toBe(700);
  expect([0, 1, 2].map((week) => plannedAt(list, 699, week))).toEqual([NaN, 0.699, 0.5]);
  expect(firstWeekOf(list, 699)).toBe(1);
  expect([...list.isFixed].filter((fixed) => fixed === 1)).toHaveLength(1);
  expect(list.isFixed[3]).toBe(1);
});
