import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importDataset, parseMap } from '../../src/index.ts';
import { addDays, mondayOf, numbers, query, sumBy, validRows } from '../support/dataset-rows.ts';

const random = numbers(9);
const sales = Array.from({ length: 150 }, () => ({
  day: addDays('2025-01-06', random(140)),
  sku: String(100 + random(5)),
  shop: ['north', 'south'][random(2)]!,
  units: 1 + random(3),
  price: 10 + random(5),
}));
/** Counted on Sunday evening, in two rooms; some Sundays are missing, and some counts are below zero. */
const counts = ['100', '101', '102', '103', '104', '999'].flatMap((sku) =>
  ['north', 'south'].flatMap((shop) =>
    Array.from({ length: 22 }, (_, i) => addDays('2024-12-29', 7 * i))
      .filter(() => random(8) > 0)
      .flatMap((day) => [
        { sku, shop, day, room: 'front', units: random(4) - 1 },
        { sku, shop, day, room: 'back', units: random(3) },
      ]),
  ),
);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-imports-'));
  await writeFile(join(folder, 'counts.json'), counts.map((line) => JSON.stringify(line)).join('\n'));
  await query(
    `COPY (SELECT day::DATE AS day, sku, shop, room, units FROM read_json('${folder}/counts.json', columns = {day: 'VARCHAR', sku: 'VARCHAR', shop: 'VARCHAR', room: 'VARCHAR', units: 'DECIMAL(9,2)'})) TO '${folder}/counts.parquet'`,
  );
  await writeFile(
    join(folder, 'sales.csv'),
    `day,sku,shop,units,price\n${sales.map(({ day, sku, shop, units, price }) => [day, sku, shop, units, price].join(',')).join('\n')}\n`,
  );
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('stock snapshots', () => {
  it('gives weeks the stock they begin with, and weeks of stock without a sale a demand of 0', async () => {
    const out = join(folder, 'out');
    const map = parseMap({
      sales: {
        files: 'sales.csv',
        columns: { article: 'sku', market: 'shop', date: 'day', units: 'units', price: 'price' },
      },
      stock: {
        files: 'counts.parquet',
        columns: { article: 'sku', market: 'shop', date: 'day', units: 'units' },
        counted: 'evening',
      },
    });
    const summary = await importDataset({ source: folder, map, out });
    const key = ({ sku, shop, day }: { sku: string; shop: string; day: string }): string =>
      `${sku} ${shop} ${day}`;
    // Sunday evening is Monday morning.
    const stock = sumBy(
      counts,
      (each) => key({ ...each, day: addDays(each.day, 1) }),
      ({ units }) => units,
    );
    const sold = sumBy(
      sales,
      (each) => key({ ...each, day: mondayOf(each.day) }),
      ({ units }) => units,
    );
    const weeks = [...sold.keys()].map((each) => each.split(' ')[2]!).sort();
    const expected = new Map<string, [number, number | null]>();
    for (const [cell, units] of sold) {
      const found = stock.get(cell);
      expected.set(cell, [units, found === undefined ? null : Math.max(0, found)]);
    }
    let unsold = 0;
    for (const [cell, units] of stock) {
      const week = cell.split(' ')[2]!;
      if (sold.has(cell) || units <= 0 || week < weeks[0]! || week > weeks.at(-1)!) continue;
      expected.set(cell, [0, units]);
      unsold++;
    }
    const rows = await validRows(out, 'weekly');
    expect(
      new Map(
        rows.map((row) => [
          `${row['article']} ${row['market']} ${row['week']}`,
          [row['demand'], row['stock']],
        ]),
      ),
    ).toEqual(expected);
    expect(unsold).toBeGreaterThan(20);
    expect(summary.weeks.stockWithoutSale).toBe(unsold);
    // What was not sold has the price of the week before.
    const series = rows.filter(({ article, market }) => article === '100' && market === 'north');
    series.forEach(({ demand, sales_price }, i) => {
      if (demand === 0) expect(sales_price).toBe(series[i - 1]?.['sales_price'] ?? null);
    });
  });
});
