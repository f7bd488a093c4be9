import { describe, expect, it } from 'vitest';
import type { MonitoredMoney } from '@hemline/hemline';
import { moneyLines } from '../../src/terminal/money-text.ts';

const SUMS = {
  ...{ prices: 10, followed: 9, units: 80, earned: 1200, planned: 1500, asProposed: 1200 },
  ...{ compared: 10, comparedEarned: 1200, asHeld: 1000, heldPlanned: 900 },
};
const EMPTY = Object.fromEntries(Object.keys(SUMS).map((name) => [name, 0])) as typeof SUMS;
const MONEY: MonitoredMoney = {
  store: 'decisions/shop',
  scores: {
    ...{ weeks: ['2026-01-05'], open: 3, unjudged: 1, runs: ['r1'], all: SUMS },
    by: { approved: SUMS, overridden: EMPTY, undecided: EMPTY },
    overrides: { prices: 0, costed: 0, atTheTime: 0, after: 0, better: 0 },
    variances: [
      { dimension: 'all', value: 'all', prices: 10, variance: -300, absolute: 420 },
      { dimension: 'group', value: 'coats', prices: 10, variance: -300, absolute: 420 },
    ],
  },
  limits: [
    {
      ...{
        run: 'r1',
        limit: 'markdown budget',
        measure: 'discount-value',
        value: 5000,
        missedBy: 0,
        cost: 0,
      },
      ...{ lowerMultiplier: null, upperMultiplier: 0.4, inWords: 'markdown budget: 1 more earns 0.40' },
    },
  ],
  notes: ['the data of r1 has changed'],
};

describe('the money of a monitoring', () => {
  it('has what decisions earned against holding, where the forecast was off, what limits cost, and what is not sure', () => {
    const text = moneyLines(MONEY).join('\n');
    expect(text).toContain(
      'prices of 2026-01-05; 3 have not passed in the data yet; 1 that have passed are in no sum',
    );
    expect(text).toMatch(/all +│? *10.*1,?200.*1,?500.*1,?000.*\+20/);
    expect(text).toMatch(/group coats.*420.*[−-]300/);
    expect(text).toContain('markdown budget: 1 more earns 0.40');
    expect(text).toContain('! the data of r1 has changed');
  });

  it('says why there is nothing to tell', () => {
    expect(moneyLines(null).join()).toMatch(/nothing was ever decided.*decisions propose/);
    const none = moneyLines({ ...MONEY, scores: null, limits: [], notes: ['no week has passed'] });
    expect(none).toEqual([expect.stringMatching(/nothing to tell/), '! no week has passed']);
    expect(moneyLines({ ...MONEY, limits: [] }).join()).toContain('No limit of the business');
  });
});
