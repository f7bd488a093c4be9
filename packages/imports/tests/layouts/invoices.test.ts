import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importDataset, parseMap, type ImportSummary } from '../../src/index.ts';
import { addDays, mondayOf, numbers, sumBy, validRows } from '../support/dataset-rows.ts';
import { takeFromPiles, type Move } from '../support/pile.ts';

/** A line as UCI's Online Retail has it. */
interface Invoice {
  readonly InvoiceNo: string;
  readonly StockCode: string;
  readonly Quantity: number;
  readonly day: string;
  readonly minute: number;
  readonly UnitPrice: number;
  readonly CustomerID: string;
  readonly Country: string;
}

const CODES = ['85123A', '85123a', '22423', '71053', 'POST', 'BANK CHARGES'];
const COUNTRIES = ['United Kingdom', 'France', 'EIRE'];

/** Made up: purchases, cancellations, corrections of stock, gifts, postage, unknown customers. */
function invoices(count: number): Invoice[] {
  const random = numbers(7);
  return Array.from({ length: count }, (_, i) => {
    const isCancellation = random(5) === 0;
    const isOdd = random(40) === 0;
    return {
      InvoiceNo: `${isCancellation ? 'C' : ''}${536_365 + i}`,
      StockCode: CODES[random(CODES.length)]!,
      Quantity: (isCancellation !== isOdd ? -1 : 1) * (1 + random(6)),
      day: addDays('2010-12-01', random(150)),
      minute: random(600),
      UnitPrice: random(30) === 0 ? 0 : (100 + random(400)) / 100,
      CustomerID: random(10) === 0 ? '' : String(17_000 + random(80)),
      Country: COUNTRIES[random(3)]!,
    };
  });
}

/** 12/1/2010 8:26, as spreadsheets of that country write it. */
function written({ day, minute }: Invoice): string {
  const [year, month, date] = day.split('-').map(Number);
  return `${month}/${date}/${year} ${8 + Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`;
}

const clock = ({ day, minute }: Invoice): string => `${day} ${String(minute).padStart(4, '0')}`;
const isArticle = ({ StockCode }: Invoice): boolean => /^\d{5}/.test(StockCode);
const isCancelled = ({ InvoiceNo }: Invoice): boolean => InvoiceNo.startsWith('C');

const map = parseMap({
  format: { date: '%m/%d/%Y %H:%M' },
  sales: {
    columns: {
      article: { column: 'StockCode', case: 'upper' },
      market: 'Country',
      date: 'InvoiceDate',
      units: 'Quantity',
      price: 'UnitPrice',
      customer: 'CustomerID',
      document: 'InvoiceNo',
    },
    leaveOut: [{ reason: 'noArticle', column: 'StockCode', unless: '^\\d{5}' }],
  },
  returns: { documents: '^C', sameTime: false },
  articles: { columns: { group: { column: 'StockCode', first: 3 } } },
});

const lines = invoices(4000);
let folder: string;
let out: string;
let summary: ImportSummary;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-imports-'));
  const text = lines.map((line) =>
    [
      line.InvoiceNo,
      line.StockCode,
      '"A ""fine"", thing"',
      line.Quantity,
      written(line),
      line.UnitPrice,
      line.CustomerID,
      line.Country,
    ].join(','),
  );
  const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
  const source = join(folder, 'Online Retail.csv');
  await writeFile(source, `\uFEFF${[header, ...text].join('\r\n')}\r\n`);
  out = join(folder, 'out');
  summary = await importDataset({ source, map, out, rejects: join(folder, 'rejects.csv') });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('invoices in the layout of UCI Online Retail', () => {
  const articles = lines.filter(isArticle);
  const cancelled = articles.filter((line) => isCancelled(line) && line.Quantity < 0);
  const others = articles.filter((line) => !isCancelled(line));
  const sold = others.filter(({ Quantity, UnitPrice }) => Quantity > 0 && UnitPrice > 0);

  it('counts every line under what became of it', () => {
    const count = (some: readonly Invoice[]): { lines: number; units: number } => ({
      lines: some.length,
      units: some.reduce((sum, { Quantity }) => sum + Quantity, 0),
    });
    expect(summary.lines).toEqual({
      read: lines.length,
      used: count(sold),
      returns: count(cancelled),
      leftOut: {
        noArticle: count(lines.filter((line) => !isArticle(line))),
        contraryReturn: count(articles.filter((line) => isCancelled(line) && line.Quantity > 0)),
        negativeUnits: count(others.filter(({ Quantity }) => Quantity < 0)),
        unpriced: count(others.filter(({ Quantity, UnitPrice }) => Quantity > 0 && UnitPrice === 0)),
      },
    });
    expect(Object.values(summary.lines.leftOut).every(({ lines: some }) => some > 0)).toBe(true);
  });

  it('writes every line that was left out, with the reason', async () => {
    const text = await readFile(join(folder, 'rejects.csv'), 'utf8');
    const left = Object.values(summary.lines.leftOut).reduce((sum, { lines: some }) => sum + some, 0);
    expect(text.trim().split('\n')).toHaveLength(left + 1);
    const first = lines.findIndex((line) => !isArticle(line));
    expect(text).toMatch(
      new RegExp(`^noArticle,sales,[^,]+,${first},${first + 2},${lines[first]!.InvoiceNo},`, 'm'),
    );
  });

  it('sums units and prices by article, country and week', async () => {
    const key = (line: Invoice): string =>
      `${line.StockCode.toUpperCase()} ${line.Country} ${mondayOf(line.day)}`;
    const units = sumBy(sold, key, ({ Quantity }) => Quantity);
    const revenue = sumBy(sold, key, ({ Quantity, UnitPrice }) => Quantity * UnitPrice);
    const rows = await validRows(out, 'weekly');
    expect(rows).toHaveLength(units.size);
    const prices = new Map<string, number>();
    for (const { article, market, week, demand, sales_price, discount, black_price } of rows) {
      const cell = `${article} ${market} ${week}`;
      expect(demand).toBe(units.get(cell));
      expect(sales_price).toBeCloseTo(revenue.get(cell)! / units.get(cell)!, 9);
      prices.set(cell, sales_price as number);
      const before = Array.from({ length: 13 }, (_, i) => addDays(week as string, -7 * i));
      const highest = Math.max(...before.map((each) => prices.get(`${article} ${market} ${each}`) ?? 0));
      expect(black_price).toBeCloseTo(highest, 9);
      expect(discount).toBeCloseTo(1 - (sales_price as number) / highest, 9);
    }
  });

  it('matches cancellations to purchases as one would line by line', async () => {
    const moves = [...sold, ...cancelled]
      .map((line) => ({ line, at: lines.indexOf(line) }))
      .sort((a, b) => a.at - b.at)
      .map(({ line }): Move => ({
        party: line.CustomerID === '' ? null : line.CustomerID,
        article: line.StockCode.toUpperCase(),
        market: line.Country,
        at: clock(line),
        units: line.Quantity,
      }));
    const { taken, withoutPurchase } = takeFromPiles(moves, false);
    const weeks = ({ purchase, back }: (typeof taken)[number]): [string, string] => [
      mondayOf(purchase.at.slice(0, 10)),
      mondayOf(back.at.slice(0, 10)),
    ];
    const inTime = taken.filter((each) => weeks(each)[1] <= addDays(weeks(each)[0], 14 * 7));
    const cohorts = sumBy(
      inTime,
      (each) => [each.purchase.article, each.purchase.market, ...weeks(each)].join(' '),
      ({ units }) => units,
    );
    const rows = await validRows(out, 'returns');
    const found = rows.map(({ article, market, sale_week, return_week, units }) => [
      `${article} ${market} ${sale_week} ${return_week}`,
      units,
    ]);
    expect(new Map(found as [string, number][])).toEqual(cohorts);
    expect(rows).toHaveLength(cohorts.size);
    const total = (some: typeof taken): number => some.reduce((sum, { units }) => sum + units, 0);
    const { inTime: early, late, withoutParty, withoutPurchase: none } = summary.returns!;
    expect([early.units, late.units, none.units]).toEqual([
      total(inTime),
      total(taken) - total(inTime),
      withoutPurchase,
    ]);
    expect(late.units).toBeGreaterThan(0);
    expect(early.units + late.units + none.units + withoutParty.units).toBe(
      -cancelled.reduce((sum, { Quantity }) => sum + Quantity, 0),
    );
  });

  it('gives articles the group of their codes', async () => {
    expect(await validRows(out, 'articles')).toEqual([
      { article: '22423', group: '224' },
      { article: '71053', group: '710' },
      { article: '85123A', group: '851' },
    ]);
  });
});
