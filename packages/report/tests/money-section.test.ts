import { describe, expect, it } from 'vitest';
import { moneySection } from '../src/sections/money-section.ts';
import type { Money, MoneySums } from '../src/source/money.ts';

const sums = (earned: number, more: Partial<MoneySums> = {}): MoneySums => ({
  ...{ prices: 10, followed: 9, units: 100, earned, planned: earned + 200, asProposed: earned + 50 },
  ...{ compared: 10, comparedEarned: earned, asHeld: earned / 1.25 },
  ...more,
});

const MONEY: Money = {
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

describe('what decisions earned', () => {
  const { text } = moneySection(MONEY).content;

  it('is told by how they were decided, against plan and holding', () => {
    for (const piece of [
      ...['2026-01-05, 2026-01-12', '3 prices have not passed', '2 that have passed are in no sum'],
      ...['12,000', '12,200', '12,050', '8,000', '25.0\u00a0%', 'Something &amp; else.'],
      ...['4 of 5 overrides cost', '321', '−123', '1 earned more than the proposal'],
    ])
      expect(text.replace(/\s+/g, ' ')).toContain(piece.replace(/\s+/g, ' '));
    // Where nothing could have been held there is nothing to compare with.
    expect(text).toMatch(/undecided<\/div>[^]*?–<\/div>[^]*?–<\/div>/);
  });

  it('says what the errors of forecasts cost by group and level, and limits', () => {
    for (const piece of ['group shoes &amp; &lt;socks&gt;', '1,500', '−900', 'discount 20 to 30 %'])
      expect(text).toContain(piece);
    for (const piece of ['rate in Germany', '55', 'one point more would earn 41', 'price-1'])
      expect(text).toContain(piece);
  });

  it('draws earned beside promised, and errors by group and level, largest first', () => {
    expect(text.match(/aria-label="(Earned and promised|What forecasts were off by[^"]*)\./g)).toHaveLength(
      6,
    );
    expect(text).toContain('earned: 12,000');
    expect(text).toContain('of the 8 that could have been held');
    expect(text.indexOf('socks&gt;: off by 1,500')).toBeLessThan(text.indexOf('hats: off by 400'));
  });

  it('says where there is nothing, and why', () => {
    expect(moneySection(null)).toMatchObject({ isEmpty: true });
    expect(moneySection(undefined)).toMatchObject({ isEmpty: true });
    const none = moneySection({ scores: null, limits: [], notes: ['none of these weeks has passed'] });
    expect(none.isEmpty).toBeUndefined();
    expect(none.content.text).toContain('none of these weeks has passed');
  });
});
