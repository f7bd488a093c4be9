import type { FrontierPoint, Frontier } from '../src/source/frontiers.ts';
import type { Money, MoneySums } from '../src/source/money.ts';

const sums = (earned: number, more: Partial<MoneySums> = {}): MoneySums => ({
  ...{ prices: 10, followed: 9, units: 100, earned, planned: earned + 200, asProposed: earned + 50 },
  ...{ compared: 10, comparedEarned: earned, asHeld: earned / 1.25 },
  ...more,
});

/** Decisions of two weeks. */
export const MONEY: Money = {
  scores: {
    ...{ weeks: ['2026-01-05', '2026-01-12'], open: 3, unjudged: 2 },
    all: sums(12_000, { compared: 8, comparedEarned: 10_000, asHeld: 8000 }),
    by: { approved: sums(9000), overridden: sums(2000), undecided: sums(1000, { compared: 0 }) },
    overrides: { prices: 5, costed: 4, atTheTime: 321, after: -123, better: 1 },
    variances: [
      { dimension: 'all', value: 'all', prices: 30, variance: -700, absolute: 1900 },
      { dimension: 'group', value: 'shoes & <socks>', prices: 20, variance: -900, absolute: 1500 },
      { dimension: 'group', value: 'hats', prices: 10, variance: 200, absolute: 400 },
      { dimension: 'discount', value: '20 to 30 %', prices: 30, variance: -700, absolute: 1900 },
    ],
  },
  limits: [
    {
      ...{ run: 'price-1', limit: 'rate in Germany', value: 0.25, missedBy: 0.01, cost: 55 },
      inWords: 'rate in Germany: one point more would earn 41',
    },
  ],
  notes: ['Something & else.'],
};

const point = (bound: number, profit: number | null, more: Partial<FrontierPoint> = {}): FrontierPoint => ({
  ...{ bound, side: 'at most', isLimit: false, isFeasible: profit !== null, value: bound, profit },
  ...{ gap: 0.0012, worthOfOne: 41, unitsSold: 100, unitsLeft: 7 },
  ...more,
});

/** Of a discount rate, which binds. */
export const FRONTIER: Frontier = {
  ...{ forecasts: 'weekly-1', cutoff: '2026-01-05', weeks: 8, limit: 'rate <DE>', measure: 'discount-rate' },
  ...{ lower: null, upper: 0.25, minimumGain: 0.01 },
  points: [
    point(0.05, null, { value: 0.08 }),
    point(0.15, 1000),
    point(0.25, 1500, { isLimit: true }),
    point(0.3, 1600, { side: 'free', bound: null }),
  ],
};
