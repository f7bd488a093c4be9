import { describe, expect, it } from 'vitest';
import { seasonSection } from '../src/sections/season-section.ts';
import type { ToldPolicy } from '../src/source/played-season.ts';

const policy = (name: string, profit: number, captured: ToldPolicy['captured']): ToldPolicy => ({
  policy: name,
  seasons: [
    {
      sales: 900,
      shipping: 80,
      returning: 40,
      runOut: 120,
      residual: 100,
      sold: 50,
      left: 7,
      discountRate: 0.2,
    },
    {
      sales: 700,
      shipping: 60,
      returning: 20,
      runOut: 80,
      residual: 50,
      sold: 30,
      left: 5,
      discountRate: 0.3,
    },
  ],
  profit: { mean: profit, interval: [profit - 10, profit + 10] },
  ...{ gain: { mean: 0.1, interval: null }, captured },
  ...{ weekAheadOptimism: null, firstPlanOptimism: null },
  weeks: [1, 2, 3].map((number) => ({ number, profit: 300 * number, discountRate: 0.1 * number })),
});

describe('what policies earned', () => {
  const policies = [
    policy('planner', 875, { mean: 0, interval: [0, 0] }),
    {
      ...policy('price:<trees>', 1234, { mean: 0.625, interval: [0.5, 0.75] }),
      weekAheadOptimism: { mean: 0.2, interval: null },
    },
  ];
  const { text } = seasonSection({ seeds: [21, 22], policies, notes: ['Something & else.'] }).content;

  it('is told by policy, with intervals and parts as means of the markets', () => {
    for (const piece of [
      ...['price:&lt;trees&gt;', '1,234', '62.5\u00a0%', '50.0\u00a0% … 75.0\u00a0%', '25.0\u00a0%'],
      ...['800', '-70', '-30', '100', '75', 'Something &amp; else.', '20.0\u00a0%'],
    ])
      expect(text).toContain(piece);
  });

  it('is drawn over the weeks, a line a policy', () => {
    expect(text.match(/aria-label="(Profit so far|Discount rate)\./g)).toHaveLength(4);
    expect(text).toContain('planner, week 3: 900');
  });

  it('says where there is nothing', () => {
    expect(seasonSection(null)).toMatchObject({ isEmpty: true });
  });
});
