import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isValid, type Batch } from '@hemline/core';
import { columnAt } from '../src/output/schemas.ts';
import { simulateMarket } from '../src/simulate-market.ts';
import { articlesOf, readTable } from './read-simulation.ts';

const out = join(mkdtempSync(join(tmpdir(), 'market-truth-')), 'market');
const WEEKS = 80;
const levels = Float64Array.from({ length: 15 }, (_, i) => Number((i * 0.05).toFixed(2)));
let weekly: Batch;
let truth: Batch;
/** Whether the row of weekly and truth is a week that happened. */
let happened: boolean[];
/** Expected demand at the discount of the week, over all noise. */
let expected: Float64Array;

beforeAll(async () => {
  await simulateMarket({ out, articles: 150, markets: 1, weeks: WEEKS, seed: 5 });
  weekly = await readTable(out, 'observed/weekly');
  truth = await readTable(out, 'truth/demand');
  const planned = truth.numbers('planned').values;
  happened = Array.from(planned, (flag) => flag === 0);
  const columns = Array.from(levels, (level) => truth.floats(columnAt('demand', level)));
  expected = truth.floats('discount').map((discount, row) => columns[Math.round(discount * 20)]![row]!);
});
afterAll(() => rmSync(join(out, '..'), { recursive: true, force: true }));

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const rowsWhere = (test: (row: number) => boolean): number[] => [...happened.keys()].filter(test);

describe('true demand', () => {
  it('has the rows of weekly, in order', () => {
    expect(articlesOf(truth)).toEqual(articlesOf(weekly));
    expect(truth.weeks('week')).toEqual(weekly.weeks('week'));
    expect(truth.floats('discount')).toEqual(weekly.floats('discount'));
  });

  it('never falls with the discount, is positive, and differs between articles', () => {
    const columns = Array.from(levels, (level) => truth.floats(columnAt('demand', level)));
    let falls = 0;
    for (let level = 1; level < levels.length; level++)
      for (let row = 0; row < truth.length; row++)
        if (!(columns[level]![row]! >= columns[level - 1]![row]!)) falls++;
    expect(falls).toBe(0);
    const uplift = columns[10]!.map((demand, row) => demand / columns[0]![row]!);
    expect(Math.min(...columns[0]!)).toBeGreaterThan(0);
    expect(Math.min(...uplift)).toBeGreaterThan(1.2);
    expect(Math.max(...uplift) / Math.min(...uplift)).toBeGreaterThan(2);
  });

  it('is what is drawn on average', () => {
    const rows = rowsWhere((row) => happened[row]!);
    const drawn = truth.floats('demand');
    const noise = truth.floats('noise');
    const ratio =
      rows.reduce((sum, row) => sum + drawn[row]!, 0) /
      rows.reduce((sum, row) => sum + expected[row]! * noise[row]!, 0);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.015);
    // Over all noise too, though only roughly: weeks of one series share their noise.
    expect(
      rows.reduce((sum, row) => sum + drawn[row]!, 0) / rows.reduce((sum, row) => sum + expected[row]!, 0),
    ).toBeCloseTo(1, 1);
  });
});

describe('observed sales', () => {
  it('never exceed demand or stock with what is delivered, and are missing in the plan alone', () => {
    const sales = weekly.column('sales');
    const drawn = truth.floats('demand');
    const stock = weekly.floats('stock');
    let censored = 0;
    for (let row = 0; row < weekly.length; row++) {
      for (const name of ['sales', 'uncensored', 'stock', 'page_views'])
        expect(isValid(weekly.column(name), row)).toBe(happened[row]);
      for (const name of ['discount', 'black_price', 'campaign', 'delivery'])
        expect(isValid(weekly.column(name), row)).toBe(true);
      if (!happened[row]) continue;
      const sold = sales.values[row] as number;
      expect(sold <= drawn[row]! && sold <= stock[row]!).toBe(true);
      if (sold < drawn[row]!) censored++;
    }
    expect(censored / weekly.length).toBeGreaterThan(0.1);
  });

  it('are all of the demand in uncensored weeks', () => {
    const drawn = truth.floats('demand');
    const sales = weekly.floats('sales');
    const uncensored = weekly.numbers('uncensored').values;
    const rows = rowsWhere((row) => happened[row]! && uncensored[row] === 1);
    expect(rows.length / weekly.length).toBeGreaterThan(0.3);
    for (const row of rows) expect(sales[row]).toBe(drawn[row]);
  });

  it('by size add up to the sales, and all sizes are available where the week is uncensored', async () => {
    const sizes = await readTable(out, 'observed/sizes');
    const [articles, weeks, units] = [articlesOf(sizes), sizes.weeks('week'), sizes.floats('sales')];
    const available = sizes.numbers('available').values;
    const byWeek = new Map<string, { units: number; available: boolean; sizes: number }>();
    articles.forEach((article, row) => {
      const key = `${article} ${weeks[row]}`;
      const before = byWeek.get(key) ?? { units: 0, available: true, sizes: 0 };
      byWeek.set(key, {
        units: before.units + units[row]!,
        available: before.available && available[row] === 1,
        sizes: before.sizes + 1,
      });
    });
    const sales = weekly.floats('sales');
    const uncensored = weekly.numbers('uncensored').values;
    const names = articlesOf(weekly);
    const rows = rowsWhere((row) => happened[row]!);
    for (const row of rows) {
      const week = byWeek.get(`${names[row]} ${weekly.weeks('week')[row]}`)!;
      expect([week.units, week.available]).toEqual([sales[row], uncensored[row] === 1]);
      expect(week.sizes >= 5 && week.sizes <= 7).toBe(true);
    }
    expect(byWeek.size).toBe(rows.length);
  });

  it('average the truth at the discount given, in uncensored weeks with ample stock', () => {
    // Ample stock makes censoring too rare to select weeks by their luck.
    const stock = weekly.floats('stock');
    const sales = weekly.floats('sales');
    const noise = truth.floats('noise');
    const uncensored = weekly.numbers('uncensored').values;
    for (const [from, to] of [
      [0, 0.1],
      [0.1, 0.35],
      [0.35, 0.71],
    ] as const) {
      const discount = weekly.floats('discount');
      const rows = rowsWhere(
        (row) =>
          uncensored[row] === 1 &&
          happened[row]! &&
          stock[row]! > 15 * expected[row]! &&
          discount[row]! >= from &&
          discount[row]! < to,
      );
      const wanted = rows.map((row) => expected[row]! * noise[row]!);
      const surplus = rows.reduce((sum, row, i) => sum + sales[row]! - wanted[i]!, 0);
      // Given the noise, weeks are independent negative binomial counts with a dispersion of at least 5.
      const variance = wanted.reduce((sum, count) => sum + count + (count * count) / 5, 0);
      expect(rows.length).toBeGreaterThan(100);
      expect(Math.abs(surplus)).toBeLessThan(3.5 * Math.sqrt(variance));
      expect(Math.abs(surplus / (mean(wanted) * rows.length))).toBeLessThan(0.1);
    }
  });

  it('come with page views that follow demand', () => {
    const rows = rowsWhere((row) => happened[row]!);
    const log = (values: Float64Array): number[] => rows.map((row) => Math.log1p(values[row]!));
    expect(correlation(log(weekly.floats('page_views')), log(truth.floats('demand')))).toBeGreaterThan(0.8);
  });
});

describe('the discount policy', () => {
  it('gives deeper discounts where the stock lasts longer', () => {
    const sales = weekly.floats('sales');
    const cover = weekly.floats('stock').map((stock, row) => stock / (sales[row]! + 1));
    const discount = weekly.floats('discount');
    const launched = rowsWhere((row) => happened[row]!);
    // Within an article, so that neither its size nor its price decides.
    const articles = articlesOf(weekly);
    const byArticle = Map.groupBy(launched, (row) => articles[row]!);
    const perArticle = [...byArticle.values()].filter((rows) => rows.length > 20);
    const first = perArticle.map((rows) => Math.log(mean(rows.slice(2, 8).map((row) => cover[row]!))));
    const later = perArticle.map((rows) => mean(rows.slice(8, 20).map((row) => discount[row]!)));
    expect(correlation(first, later)).toBeGreaterThan(0.3);
  });

  it('confounds: discounts go to weeks whose demand is below expectation', () => {
    const noise = truth.floats('noise');
    const discount = weekly.floats('discount');
    const rows = rowsWhere((row) => happened[row]!);
    const result = correlation(
      rows.map((row) => Math.log(noise[row]!)),
      rows.map((row) => discount[row]!),
    );
    expect(result).toBeLessThan(-0.03);
  });
});

describe('true returns', () => {
  it('have shares that sum to 1 and rates that differ', async () => {
    const returns = await readTable(out, 'truth/returns.parquet');
    const rates = returns.floats('return_rate_at_0');
    expect(Math.max(...rates) - Math.min(...rates)).toBeGreaterThan(0.3);
    for (let row = 0; row < returns.length; row++) {
      let sum = 0;
      for (let lag = 0; lag < 15; lag++) sum += returns.floats(`lag_${lag}`)[row]!;
      expect(sum).toBeCloseTo(1, 5);
    }
  });

  it('are what comes back, by lag and in all, and nothing comes back after 14 weeks', async () => {
    const known = await readTable(out, 'truth/returns.parquet');
    const cohorts = await readTable(out, 'observed/returns');
    const rowOf = new Map(articlesOf(known).map((article, row) => [article, row]));
    const first = weekly.weeks('week').reduce((a, b) => Math.min(a, b));
    // Later cohorts are not complete.
    const mature = first + 7 * (WEEKS - 15);

    const expectedByLag = new Float64Array(15);
    let variance = 0;
    const [weeks, sales, discount] = [
      weekly.weeks('week'),
      weekly.floats('sales'),
      weekly.floats('discount'),
    ];
    const rates = Array.from(levels, (level) => known.floats(columnAt('return_rate', level)));
    const lags = Array.from({ length: 15 }, (_, lag) => known.floats(`lag_${lag}`));
    articlesOf(weekly).forEach((article, row) => {
      if (weeks[row]! > mature) return;
      const at = rowOf.get(article)!;
      const rate = rates[Math.round(discount[row]! * 20)]![at]!;
      lags.forEach((shares, lag) => (expectedByLag[lag]! += sales[row]! * rate * shares[at]!));
      variance += sales[row]! * rate * (1 - rate);
    });

    const [sold, back, units] = [
      cohorts.weeks('sale_week'),
      cohorts.weeks('return_week'),
      cohorts.floats('units'),
    ];
    const byLag = new Float64Array(15);
    for (let row = 0; row < cohorts.length; row++) {
      const lag = (back[row]! - sold[row]!) / 7;
      expect(Number.isInteger(lag) && lag >= 0 && lag <= 14).toBe(true);
      expect(back[row]).toBeLessThanOrEqual(first + 7 * (WEEKS - 1));
      if (sold[row]! <= mature) byLag[lag]! += units[row]!;
    }
    const total = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
    expect(Math.abs(total(byLag) - total(expectedByLag))).toBeLessThan(4 * Math.sqrt(variance));
    byLag.forEach((count, lag) =>
      expect(Math.abs(count - expectedByLag[lag]!)).toBeLessThan(4 * Math.sqrt(expectedByLag[lag]!)),
    );
  });
});

describe('true costs and residual values', () => {
  it('are what shipping and returning cost, and agree with the cohorts', async () => {
    const costs = await readTable(out, 'truth/costs.parquet');
    const fulfillment = await readTable(out, 'observed/fulfillment');
    const rowOf = new Map(articlesOf(costs).map((article, row) => [article, row]));
    for (const [units, cost, unit] of [
      ['shipped_units', 'shipping_cost', 'shipping_cost'],
      ['returned_units', 'return_cost', 'return_cost'],
    ] as const) {
      let wanted = 0;
      let paid = 0;
      articlesOf(fulfillment).forEach((article, row) => {
        wanted += fulfillment.floats(units)[row]! * costs.floats(unit)[rowOf.get(article)!]!;
        paid += fulfillment.floats(cost)[row]!;
      });
      expect(Math.abs(paid / wanted - 1)).toBeLessThan(0.01);
    }
    const cohorts = await readTable(out, 'observed/returns');
    const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
    expect(sum(fulfillment.floats('returned_units'))).toBe(sum(cohorts.floats('units')));
  });

  it('are what leftovers bring', async () => {
    const residual = await readTable(out, 'truth/residual.parquet');
    const clearance = await readTable(out, 'observed/clearance');
    const articles = await readTable(out, 'observed/articles.parquet');
    const rowOf = new Map(articlesOf(residual).map((article, row) => [article, row]));
    let wanted = 0;
    let paid = 0;
    articlesOf(clearance).forEach((article, row) => {
      const at = rowOf.get(article)!;
      const weeksAfter = (clearance.weeks('week')[row]! - articles.weeks('season_end_week')[at]!) / 7;
      expect([2, 5, 9, 15]).toContain(weeksAfter);
      const share = residual.floats('share')[at]! * Math.exp(-residual.floats('decay')[at]! * weeksAfter);
      wanted += share * clearance.floats('units')[row]! * clearance.floats('black_price')[row]!;
      paid += clearance.floats('value')[row]!;
    });
    expect(clearance.length).toBeGreaterThan(50);
    expect(Math.abs(paid / wanted - 1)).toBeLessThan(0.05);
  });
});

function correlation(x: readonly number[], y: readonly number[]): number {
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  x.forEach((value, i) => {
    xy += (value - mx) * (y[i]! - my);
    xx += (value - mx) ** 2;
    yy += (y[i]! - my) ** 2;
  });
  return xy / Math.sqrt(xx * yy);
}
