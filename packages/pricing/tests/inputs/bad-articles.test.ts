import { describe, expect, it } from 'vitest';
import { parseLimits } from '../../src/limits/parse-limits.ts';
import { priceArticles, type PricedArticles } from '../../src/recommendations/price-articles.ts';
import { CUTOFF, smallMarket, type Changes } from './small-market.ts';

type Rows = Record<string, string | number | null>[];

function priced(changes: Changes, limits = '', leaveOutBad = false): Promise<PricedArticles> {
  const { table, bad } = smallMarket(changes);
  return priceArticles(table, {
    ...{ limits: parseLimits(limits, 'limits.yaml'), settings: { variableCostShare: 0, certain: true } },
    ...{ minimumGain: 0, gap: 0.005, evaluations: 5, bad, leaveOutBad },
  });
}

/** Rows of article B, changed. */
const ofB = (change: (row: Rows[number]) => Rows[number]) => (rows: Rows) =>
  rows.map((row) => (row['article'] === 'B' ? change(row) : row));

const CASES: [string, Changes, RegExp, string?][] = [
  [
    'a negative stock',
    { weekly: ofB((row) => (row['market'] === 'PL' && row['stock'] !== null ? { ...row, stock: -3 } : row)) },
    /^B: a stock of -3 units in market PL, week 2025-12-29$/,
  ],
  [
    'a delivery below 0',
    { weekly: ofB((row) => ({ ...row, delivery: Number(row['week']) > CUTOFF + 7 ? -5 : 0 })) },
    /^B: a delivery of -5 units in market DE, week 2026-01-19$/,
  ],
  [
    'a gap in the forecast of demand',
    { demand: (rows) => rows.filter((row) => row['article'] !== 'B' || row['discount'] !== 0.2) },
    /^B: no forecast of demand in market DE, week 2026-01-12, discount 0.2$/,
  ],
  [
    'a demand below 0',
    { demand: ofB((row) => ({ ...row, demand: -1 })) },
    /^B: a forecast of demand of -1 units in market DE, week 2026-01-12, discount 0$/,
  ],
  [
    'a return rate above 1',
    { items: { 'return-rate': [{ article: 'B', market: 'PL', returnRate: 1.2 }] } },
    /^B: a forecast of returnRate of 1.2, not from 0 to 1, in market PL$/,
  ],
  [
    'no return rate where it is required',
    {
      required: ['return-rate'],
      items: { 'return-rate': ['DE', 'PL'].map((market) => ({ article: 'A', market, returnRate: 0.2 })) },
    },
    /^B: no forecast of its return rate, which is required, in market DE$/,
  ],
  [
    'no list price',
    { weekly: ofB((row) => ({ ...row, blackPrice: null })) },
    /^B: no list price \(black price\) in market DE$/,
  ],
  [
    'a pool whose markets carry different stocks',
    {
      markets: ['DE', 'PL'].map((market) => ({ market, pool: 'hub' })),
      weekly: ofB((row) => (row['market'] === 'PL' && row['stock'] !== null ? { ...row, stock: 7 } : row)),
    },
    /^B: the markets of its pool carry different stocks: 40, 7 /,
  ],
  [
    'a floor above the list price',
    {},
    /^B: line 1: contradiction: the floor 130.00 is above the list price 119.00 /,
    'articles: [{ where: { group: boots }, floor: { price: 130 } }]',
  ],
  [
    'limits that leave no path',
    {},
    /^B: no plan keeps all its limits together/,
    `articles:
  - { changes: 1 }
  - { where: { article: B }, discount: 0.4, weeks: { from: 2026-01-19, until: 2026-01-19 } }
  - { where: { article: B }, discount: 0, weeks: { from: 2026-01-26 } }
`,
  ],
];

describe.each(CASES)('%s', (_, changes, reason, limits) => {
  it('is told before anything is solved', async () => {
    const error = await priced(changes, limits).catch((thrown: unknown) => thrown as Error);
    expect((error as { problem?: string }).problem).toBe('1 of 2 articles cannot be priced');
    expect((error as { found?: string }).found).toMatch(reason);
    expect((error as Error).message).toMatch(/leave them out \(--leave-out-bad\)/);
  });

  it('can be left out, and the other article is priced as it would be alone', async () => {
    const { leftOut, recommender } = await priced(changes, limits, true);
    expect(leftOut.map((bad) => `${bad.article}: ${bad.reason}`)).toEqual([expect.stringMatching(reason)]);
    const rows = recommender.batches().next();
    expect(rows.done).toBe(false);
    if (rows.done === true) return;
    const names = rows.value.articles.strings('article');
    expect(Array.from(names.values, (code) => names.dictionary[code])).toEqual(['A']);
  });
});

it('names ten of many, and how many there are', async () => {
  const articles = Array.from({ length: 14 }, (_, i) => `X${String(i).padStart(2, '0')}`);
  const copied = (rows: Rows): Rows =>
    articles.flatMap((article) =>
      rows.filter((row) => row['article'] === 'A').map((row) => ({ ...row, article })),
    );
  const changes: Changes = {
    articles: articles.map((article) => ({ article })),
    demand: copied,
    weekly: (rows) =>
      copied(rows).map((row) => ({ ...row, blackPrice: row['article'] === 'X13' ? 119 : null })),
  };
  const error = await priced(changes).catch((thrown: unknown) => thrown as Error);
  expect((error as Error).message).toMatch(/^13 of 14 articles cannot be priced; found X00: no list price/);
  expect((error as Error).message).toMatch(/; X09: [^;]*; and 3 more\. .*and price the other 1\./);
  const { leftOut } = await priced(changes, '', true);
  expect(leftOut).toHaveLength(13);
});

it('does not offer to leave all of them out', async () => {
  const none: Changes = { weekly: (rows) => rows.map((row) => ({ ...row, blackPrice: null })) };
  await expect(priced(none, '', true)).rejects.toThrow(
    /none of the 2 articles can be priced; found A: .*; B: .* Correct their data or limits\.$/,
  );
});

it('does not mind what is wrong with articles that are not on sale', async () => {
  const { leftOut } = await priced({
    articles: [
      { article: 'A', seasonEndWeek: CUTOFF + 70 },
      { article: 'B', seasonEndWeek: CUTOFF - 70 },
    ],
    weekly: ofB((row) => ({ ...row, blackPrice: null })),
  });
  expect(leftOut).toEqual([]);
});
