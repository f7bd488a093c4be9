import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  addWeeks,
  Batch,
  dateColumn,
  float64Column,
  formatWeek,
  KeyIndex,
  parseWeek,
  SERIES_KEY,
  stringsToColumn,
} from '@hemline/core';
import { readForecastOverview } from '../../src/source/forecast-overview.ts';
import { isFlat } from '../../src/source/reactions.ts';
import { PlanUnits } from '../../src/source/plan-units.ts';
import { findArticles } from '../../src/source/find-articles.ts';
import { jumpedArticles, mostUncertain } from '../../src/source/choose-articles.ts';
import { POWER_CURVES, writeForecasts, writeHistory } from '../fabricated-forecasts.ts';

let folder: string;
let data: { directory: string; descriptor: null };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-overview-'));
  data = { directory: join(folder, 'data'), descriptor: null };
  await writeHistory(data.directory);
  await writeForecasts(join(folder, 'grid'), 'grid');
  await writeForecasts(join(folder, 'curves'), 'curves');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const stored = (form: string) => ({ model: 'm', place: join(folder, form), curves: POWER_CURVES });

it('units are those at the planned discount: of the levels forecast, the nearest', () => {
  const first = parseWeek('2026-01-12');
  const weeks = [first, first, first, addWeeks(first, 1)];
  const batch = new Batch({
    article: stringsToColumn(['A', 'A', 'A', 'A']),
    market: stringsToColumn(['DE', 'DE', 'DE', 'DE']),
    week: dateColumn(Int32Array.from(weeks)),
    discount: float64Column(Float64Array.of(0, 0.2, 0.4, 0)),
    demand: float64Column(Float64Array.of(10, 20, 40, 5)),
  });
  const index = new KeyIndex(SERIES_KEY);
  // 28 % is planned in the first week, nothing in the second.
  const units = new PlanUnits({ first, count: 2 }, (_, position) => (position === 0 ? 0.28 : NaN));
  units.add(batch, index.add(batch), { low: new Float64Array(4), high: Float64Array.of(1, 2, 3, 4) });
  expect([units.at(0, 0), units.bandAt(0, 0), units.at(0, 1)]).toEqual([20, 2, NaN]);
});

it('adds up what is planned, and knows what was sold a year before', async () => {
  const overview = (await readForecastOverview(stored('grid'), null, data))!;
  expect(formatWeek(overview.span.first)).toBe('2026-01-12');
  expect([overview.span.count, overview.articles, overview.markets, overview.isPlanned]).toEqual([
    ...[8, 5, 1, true],
  ]);
  expect(overview.units).toBeCloseTo(
    overview.items.reduce((sum, { units }) => sum + units, 0),
    9,
  );
  // The history has 30 weeks: a year before nobody knows.
  expect(overview.lastYear).toBeNull();
  // Demand that lies between half and twice of itself has a band of one and a half times its size.
  for (const { band } of overview.items) expect(band).toBeCloseTo(1.5, 9);
  const [{ group, byDiscount }] = overview.reactions as [(typeof overview.reactions)[0]];
  expect(group).toBe('all articles');
  expect(byDiscount.get(0)).toBe(1);
  expect(byDiscount.get(0.5)).toBeGreaterThan(2);
});

it('tells what all articles sold a year before, unless only some of them were looked at', async () => {
  const long = { directory: join(folder, 'long'), descriptor: null };
  await writeHistory(long.directory, 60);
  const [all, some] = await Promise.all(
    [1000, 1].map((most) => readForecastOverview(stored('grid'), null, long, most)),
  );
  expect(all!.lastYear).toBeGreaterThan(0);
  expect(some!.lastYear).toBeNull();
});

it('is the same of curves as of the grid that they give', async () => {
  const [grid, curves] = await Promise.all(
    ['grid', 'curves'].map(async (form) => (await readForecastOverview(stored(form), null, data))!),
  );
  expect(curves!.units).toBeCloseTo(grid!.units, 9);
  expect(curves!.rows).toEqual({ read: 40, of: 40 });
  expect(grid!.rows).toEqual({ read: 600, of: 600 });
});

it('compares the same articles, weeks and discounts with the forecast before', async () => {
  const overview = (await readForecastOverview(stored('grid'), stored('curves'), data))!;
  expect(overview.levelsAgainst).toBe('forecast');
  expect(overview.previous!.now).toBeCloseTo(overview.previous!.before, 9);
  expect(overview.previous!.now).toBeCloseTo(overview.units, 9);
  expect(jumpedArticles(overview)).toEqual([]);
});

it('without an earlier forecast finds articles whose level jumped against what they sold lately', async () => {
  const overview = (await readForecastOverview(stored('grid'), null, data))!;
  expect(overview.levelsAgainst).toBe('sales');
  for (const { level } of jumpedArticles(overview)) {
    const ratio = level!.now / level!.before;
    expect(Math.max(ratio, 1 / ratio)).toBeGreaterThanOrEqual(1.5);
  }
  expect(mostUncertain(overview)).not.toEqual([]);
});

it('of a large forecast looks at whole articles until it has read enough, and says how much that was', async () => {
  const few = (await readForecastOverview(stored('grid'), stored('grid'), data, 1))!;
  expect(few.rows.of).toBe(600);
  expect(few.items.length).toBeLessThan(5);
  // The rows of an article are all there, or it is not.
  const all = (await readForecastOverview(stored('grid'), null, data))!;
  for (const item of few.items)
    expect(all.items.find(({ article }) => article === item.article)!.units).toBeCloseTo(item.units, 9);
});

it('knows demand that is the same at every discount from demand that reacts, or was asked at one', () => {
  const reaction = (...multiples: number[]) => ({
    ...{ group: 'coats', articles: 1 },
    byDiscount: new Map(multiples.map((multiple, i) => [i / 10, multiple])),
  });
  expect(isFlat({ reactions: [reaction(1, 1, 1), reaction(1, 1.0001)] })).toBe(true);
  expect(isFlat({ reactions: [reaction(1, 1, 1), reaction(1, 1.2)] })).toBe(false);
  expect(isFlat({ reactions: [] })).toBe(false);
});

it('finds an article that somebody asks for, and says when there is none', async () => {
  expect(await findArticles(stored('grid'), ['A-2'])).toEqual([
    { item: { article: 'A-2', market: 'DE', partition: 'market=DE' }, why: 'asked for' },
  ]);
  await expect(findArticles(stored('curves'), ['A-2', 'A-99'])).rejects.toThrow(
    /no forecast of an article that was asked for.*found A-99.*Did you mean A-/s,
  );
});
