import { addWeeks } from '@hemline/core';
import { describe, expect, it } from 'vitest';
import { CUTOFF, smallMarket } from './small-market.ts';

type Rows = Record<string, string | number | null>[];

const of = (series: string, value: Record<string, number>) => {
  const [article, market] = series.split('/') as [string, string];
  return { article, market, ...value };
};
const SERIES = ['A/DE', 'A/PL', 'B/DE', 'B/PL'];

describe('buildTable', () => {
  it('takes defaults for what is missing, and says so', () => {
    const { table, assumptions } = smallMarket();
    expect(assumptions).toEqual([
      'return rate of all series: no forecast, 0 is assumed',
      'shipping cost of all series: no forecast, 0 is assumed',
      'return cost of all series: no forecast, 0 is assumed',
      'residual value of all series: no forecast, 0 is assumed',
      'dispersion of demand in all weeks: the forecast tells no spread, 0.5 is assumed',
      'return time of all series: no forecast, what is returned is not sold again',
    ]);
    expect([...table.current]).toEqual([0.2, 0.2, 0.2, 0.2]);
    expect([...table.blackPrice]).toEqual([119, 119, 119, 119]);
  });

  it('counts stock on to the first week ahead, and lets deliveries come in their week', () => {
    const { table } = smallMarket();
    expect([...table.stock]).toEqual([36, 36, 36, 36]);
    expect([...table.arrivals.subarray(0, 3)]).toEqual([0, 5, 0]);
  });

  it('lets what was sold before come back', () => {
    const { table } = smallMarket({
      items: {
        'return-rate': SERIES.map((series) => of(series, { returnRate: 0.5 })),
        'return-time': SERIES.flatMap((series) => [
          of(series, { lag: 0, share: 0.25 }),
          of(series, { lag: 2, share: 0.75 }),
        ]),
      },
    });
    // Sold in the last week: 4 · 0.5 · 0.25 come at once, · 0.75 a week later; of the week before, · 0.75 at once.
    expect([...table.arrivals.subarray(0, 3)]).toEqual([0.5 + 1.5, 1.5 + 5, 0]);
  });

  it('shares the stock and the deliveries of a pool', () => {
    const { table } = smallMarket({
      markets: [
        { market: 'DE', pool: 'hub' },
        { market: 'PL', pool: 'hub' },
      ],
    });
    // Each row carries the stock of the pool; what either market sold is gone.
    expect([...table.stock]).toEqual([32, 32, 32, 32]);
    expect([...table.arrivals.subarray(0, 6)]).toEqual([0, 5, 0, 0, 0, 0]);
    expect([...table.pool]).toEqual([0, 0]);
  });

  it('takes spread from quantiles, less that of counts', () => {
    const sigma = 0.5;
    const { table } = smallMarket({
      demand: (rows) =>
        rows.map((row) => ({
          ...row,
          demandLow: Number(row['demand']) * Math.exp(-1.2815515655446004 * sigma),
          demandHigh: Number(row['demand']) * Math.exp(1.2815515655446004 * sigma),
        })),
    });
    expect(table.dispersion[0]).toBeCloseTo(Math.expm1(sigma ** 2) - 1 / 10, 6);
  });

  it('knows when an article is on sale', () => {
    const { table, assumptions } = smallMarket({
      articles: [
        { article: 'A', launchWeek: addWeeks(CUTOFF, 2), seasonEndWeek: addWeeks(CUTOFF, 9) },
        { article: 'B', launchWeek: addWeeks(CUTOFF, -9), seasonEndWeek: addWeeks(CUTOFF, 0) },
      ],
    });
    expect([[...table.begin], [...table.end]]).toEqual([
      [1, 0],
      [3, 0],
    ]);
    expect(assumptions).toContain('1 of 2 articles are not on sale in these weeks: not priced');
  });

  it('knows for how long a price has held', () => {
    const { table } = smallMarket({
      weekly: (rows) =>
        rows.map((row) =>
          row['week'] === CUTOFF && row['market'] === 'PL' ? { ...row, discount: 0.4 } : row,
        ),
    });
    expect([...table.sinceChange]).toEqual([-1, 1, -1, 1]);
  });

  it('does not depend on the order of rows', () => {
    const { table } = smallMarket();
    const other = smallMarket({ demand: (rows) => rows.toReversed() }).table;
    expect(other.demand).toEqual(table.demand);
    expect(other.stock).toEqual(table.stock);
  });

  it('offers no level that is deeper than what a group was sold at', () => {
    const { table } = smallMarket({ settings: { levelRows: 4 } });
    expect([...table.deepest]).toEqual([0.2, 0.2]);
    expect([...smallMarket({ settings: { levelRows: 5 } }).table.deepest]).toEqual([0, 0]);
    const errors = { byGroup: new Map([['boots', 0.9]]), byLevel: [0.1, 0.1, 0.8] };
    const guarded = smallMarket({ errors, settings: { maximumError: 0.5 } }).table;
    expect([...guarded.held]).toEqual([0, 1]);
    expect([...guarded.unsure]).toEqual([0, 0, 1]);
  });
});

describe('wrong input', () => {
  it.each([
    [
      'a grid of another run',
      { demand: (rows: Rows) => rows.map((row) => ({ ...row, discount: Number(row['discount']) + 0.05 })) },
      /on another grid than the run .*expected discounts 0, 0.2, 0.4, found 0.05/,
    ],
    [
      'weeks of another run',
      { demand: (rows: Rows) => rows.map((row) => ({ ...row, week: Number(row['week']) + 70 })) },
      /of other weeks than the run .*expected weeks from 2026-01-12 to 2026-01-26, found 2026-03-23/,
    ],
    [
      'a tax in per cent',
      {
        markets: [
          { market: 'DE', vat: 19 },
          { market: 'PL', vat: 23 },
        ],
      },
      /a tax rate cannot be .*found 19 of market DE/,
    ],
    [
      'an article that the dataset does not know',
      { articles: [{ article: 'A', group: 'shoes' }] },
      /the table articles does not know .*found B/,
    ],
  ])('%s is one error to act on', (_, changes, message) => {
    expect(() => smallMarket(changes)).toThrow(message);
  });
});
