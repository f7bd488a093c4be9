import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importDataset, parseMap } from '../../src/index.ts';
import { addDays, mondayOf, numbers, validRows } from '../support/dataset-rows.ts';

interface Price {
  readonly article: string;
  readonly from: string;
  readonly to: string;
  readonly price: number;
}

const random = numbers(5);
const sales = Array.from({ length: 600 }, () => ({
  day: addDays('2025-01-06', random(140)),
  article: `A${random(4)}`,
  units: 1 + random(3),
  price: 20 + random(20),
}));
const prices: Price[] = [
  { article: 'A0', from: '2024-06-01', to: '', price: 50 },
  // For four weeks another price, after which the first is valid again.
  { article: 'A0', from: '2025-02-10', to: '2025-03-09', price: 44 },
  { article: 'A0', from: '2025-04-16', to: '', price: 40 },
  // New: its first price begins within a week, on a Wednesday.
  { article: 'A1', from: '2025-02-05', to: '', price: 39.9 },
  // The list ends.
  { article: 'A2', from: '2024-01-01', to: '2025-03-01', price: 30 },
  // The very same line twice is no contradiction.
  { article: 'A3', from: '2025-01-01', to: '', price: 25 },
  { article: 'A3', from: '2025-01-01', to: '', price: 25 },
];

/** The price of the week, looked up as a person would. */
function priceIn(article: string, week: string): number | null {
  const own = prices.filter((each) => each.article === article && (each.to === '' || each.to >= week));
  const before = own.filter(({ from }) => from <= week).sort((a, b) => (a.from < b.from ? 1 : -1));
  const within = own
    .filter(({ from }) => from > week && from <= addDays(week, 6))
    .sort((a, b) => (a.from < b.from ? -1 : 1));
  return (before[0] ?? within[0])?.price ?? null;
}

let folder: string;
const raw = {
  sales: {
    files: 'sales.csv',
    columns: { article: 'article', market: { value: 'web' }, date: 'day', units: 'units', price: 'price' },
  },
  prices: {
    files: 'prices.csv',
    columns: { article: 'article', price: 'price', validFrom: 'from', validTo: 'to' },
  },
};
const list = (all: readonly Price[]): string =>
  `article,from,to,price\n${all.map(({ article, from, to, price }) => [article, from, to, price].join(',')).join('\n')}\n`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-imports-'));
  await writeFile(
    join(folder, 'sales.csv'),
    `day,article,units,price\n${sales.map(({ day, article, units, price }) => [day, article, units, price].join(',')).join('\n')}\n`,
  );
  await writeFile(join(folder, 'prices.csv'), list(prices));
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a price list with days of validity', () => {
  it('gives every week the price that is valid on its first day', async () => {
    const out = join(folder, 'out');
    const summary = await importDataset({ source: folder, map: parseMap(raw), out });
    const rows = await validRows(out, 'weekly');
    let [above, without] = [0, 0];
    for (const { article, week, black_price, sales_price, discount } of rows) {
      const black = priceIn(article as string, week as string);
      expect([article, week, black_price]).toEqual([article, week, black]);
      if (black === null) {
        without++;
        expect(discount).toBeNull();
        continue;
      }
      if ((sales_price as number) > black) above++;
      expect(discount).toBeCloseTo(Math.max(0, 1 - (sales_price as number) / black), 9);
    }
    expect([above, without].every((count) => count > 0)).toBe(true);
    expect(summary.weeks).toMatchObject({ aboveBlackPrice: above, withoutBlackPrice: without });
    expect(summary.prices).toMatchObject({ read: 7, used: { lines: 7 } });
    expect(new Set(rows.map(({ week }) => week))).toEqual(new Set(sales.map(({ day }) => mondayOf(day))));
  });

  it('refuses two prices from one day on', async () => {
    await writeFile(
      join(folder, 'prices.csv'),
      list([...prices, { article: 'A3', from: '2025-01-01', to: '', price: 26 }]),
    );
    await expect(
      importDataset({ source: folder, map: parseMap(raw), out: join(folder, 'other') }),
    ).rejects.toThrow(/two prices.*found 25 and 26 of article A3 from 2025-01-01 on/);
  });
});
