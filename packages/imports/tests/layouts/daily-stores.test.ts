import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDataset } from '@hemline/runtime';
import { importDataset, parseMap, type ImportSummary } from '../../src/index.ts';
import { addDays, numbers, validRows } from '../support/dataset-rows.ts';

/** A day of an article in a store. */
interface Day {
  readonly store: string;
  readonly item: string;
  readonly day: string;
  readonly units: number;
  readonly price: number;
  readonly promo: boolean;
}

const random = numbers(3);
const days: Day[] = ['S1', 'S2'].flatMap((store) =>
  ['0007', '0012'].flatMap((item) =>
    Array.from({ length: 70 }, (_, i) => ({
      store,
      item,
      day: addDays('2024-01-03', i),
      units: Math.max(0, random(6) - 2),
      price: 1000.5 + 250 * random(4),
      promo: random(3) === 0,
    })),
  ),
);

/** 1.250,50 */
function german(number: number): string {
  return number.toLocaleString('de', { minimumFractionDigits: 2 });
}

/** 03.01.2024 */
function date(day: string): string {
  return day.split('-').reverse().join('.');
}

let folder: string;
let out: string;
let summary: ImportSummary;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-imports-'));
  await mkdir(join(folder, 'days'));
  const lines = (store: string, format: (day: Day) => unknown[]): string =>
    days
      .filter((day) => day.store === store)
      .map((day) => format(day).join(';'))
      .join('\n');
  await writeFile(
    join(folder, 'days', 'S1.csv.gz'),
    gzipSync(
      `store;item;day;units;price;promo\n${lines('S1', (d) => [d.store, d.item, date(d.day), d.units, german(d.price), d.promo ? 'Y' : 'N'])}\n`,
    ),
  );
  // The same columns in another order, one more, and text that needs the encoding.
  await writeFile(
    join(folder, 'days', 'S2.csv'),
    Buffer.from(
      `day;town;store;promo;units;price;item\n${lines('S2', (d) => [date(d.day), 'Köln', d.store, d.promo ? 'Y' : 'N', d.units, german(d.price), d.item])}\n`,
      'latin1',
    ),
  );
  await writeFile(join(folder, 'days', 'README.md'), 'two stores');
  out = join(folder, 'out');
  const map = parseMap({
    weekStart: 'sunday',
    format: { delimiter: ';', decimal: ',', thousands: '.', date: '%d.%m.%Y', encoding: 'latin-1' },
    sales: {
      kind: 'daily',
      columns: { article: 'item', market: 'store', date: 'day', units: 'units', price: 'price' },
      covariates: { promo: { column: 'promo', known: 'ahead' } },
    },
  });
  summary = await importDataset({ source: join(folder, 'days'), map, out });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a daily table of stores with promotions', () => {
  it('keeps days without a sale: they are observations', () => {
    expect(days.some(({ units }) => units === 0)).toBe(true);
    expect(summary.lines).toEqual({
      read: days.length,
      used: { lines: days.length, units: days.reduce((sum, { units }) => sum + units, 0) },
      returns: { lines: 0, units: 0 },
      leftOut: {},
    });
    expect([summary.files, summary.passedOver]).toEqual([2, [join(folder, 'days', 'README.md')]]);
  });

  it('sums weeks from Sunday on, with the share of days on promotion', async () => {
    const rows = await validRows(out, 'weekly');
    expect(new Set(rows.map(({ week }) => new Date(`${week}T00:00:00Z`).getUTCDay()))).toEqual(new Set([0]));
    expect(rows.map(({ article, market, week }) => `${article} ${market} ${week}`)).toEqual(
      [...new Set(days.map(cellOf))].sort(),
    );
    for (const { article, market, week, ...row } of rows) {
      const own = days.filter((day) => cellOf(day) === `${article} ${market} ${week}`);
      const units = own.reduce((sum, day) => sum + day.units, 0);
      const revenue = own.reduce((sum, day) => sum + day.units * day.price, 0);
      expect(row['demand']).toBe(units);
      const mean = own.reduce((sum, day) => sum + day.price, 0) / own.length;
      expect(row['sales_price']).toBeCloseTo(units > 0 ? revenue / units : mean, 9);
      expect(row['promo']).toBeCloseTo(own.filter(({ promo }) => promo).length / own.length, 6);
    }
  });

  it('says that promotions are planned ahead', async () => {
    const { tables } = await openDataset(out);
    const field = tables.get('weekly').schema.fields.find(({ name }) => name === 'promo');
    expect(field).toMatchObject({ knownAhead: true });
  });
});

function cellOf({ item, store, day }: Day): string {
  const sunday = addDays(day, -new Date(`${day}T00:00:00Z`).getUTCDay());
  return `${item} ${store} ${sunday}`;
}
