import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parseWeek } from '@hemline/core';
import { simulateMarket } from '../src/simulate-market.ts';
import { articlesOf, readTable } from './read-simulation.ts';

const folder = mkdtempSync(join(tmpdir(), 'hemline-shift-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MARKET = { articles: 60, markets: 1, weeks: 40, planWeeks: 4, seed: 3 };
const SHIFT = { group: 't-shirts', factor: 0.7, from: '2022-05-02' };

it('shifts the demand of one group from one week on, and leaves all else as it was', async () => {
  const [plain, shifted] = [join(folder, 'plain'), join(folder, 'shifted')];
  await simulateMarket({ ...MARKET, out: plain });
  await simulateMarket({ ...MARKET, out: shifted, shift: SHIFT });
  const articles = await readTable(plain, 'observed/articles.parquet');
  const groups = articles.strings('group');
  const inGroup = new Set(
    articlesOf(articles).filter((_, row) => groups.dictionary[groups.values[row]!] === SHIFT.group),
  );
  const [before, after] = [await readTable(plain, 'truth/demand'), await readTable(shifted, 'truth/demand')];
  const ratios = after
    .floats('demand_at_0')
    .map((demand, row) => demand / before.floats('demand_at_0')[row]!);
  const weeks = before.weeks('week');
  let touched = 0;
  articlesOf(before).forEach((article, row) => {
    const isShifted = inGroup.has(article) && weeks[row]! >= parseWeek(SHIFT.from);
    if (isShifted) touched++;
    expect(ratios[row]).toBeCloseTo(isShifted ? SHIFT.factor : 1, 6);
    if (!inGroup.has(article)) expect(after.floats('demand')[row]).toBe(before.floats('demand')[row]);
  });
  expect(touched).toBeGreaterThan(20);
});

it.each([
  ['an unknown group', { ...SHIFT, group: 'hats' }],
  ['a factor of 0', { ...SHIFT, factor: 0 }],
  ['a week after the plan', { ...SHIFT, from: '2023-05-01' }],
  ['a day within a week', { ...SHIFT, from: '2022-05-03' }],
])('refuses %s, saying what there is', async (_, shift) => {
  const simulated = simulateMarket({ ...MARKET, out: join(folder, 'refused'), shift });
  await expect(simulated).rejects.toThrow(/demand cannot be shifted so[^]*t-shirts[^]*2021-10-04/);
});
