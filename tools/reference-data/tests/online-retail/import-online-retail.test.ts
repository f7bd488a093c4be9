import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Batch,
  ConfigurationError,
  concatBatches,
  DataError,
  InterruptedError,
  SchemaError,
  stringsToColumn,
  valueAt,
} from '@hemline/core';
import { openDataset } from '@hemline/runtime';
import { openParquet } from '@hemline/parquet';
import { writeParquetFile } from '@hemline/stores';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { importOnlineRetail, type ImportSummary } from '../../src/online-retail/import-online-retail.ts';
import { invoiceBatch, writeInvoices, type Line } from './invoices.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-online-retail-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function importLines(lines: readonly Line[]): Promise<ImportSummary> {
  const invoices = await writeInvoices(join(folder, 'invoices.parquet'), lines);
  return importOnlineRetail({ invoices, out: join(folder, 'out') });
}

/** A written table as rows of plain values; dates as days since 2011-01-03, a Monday. */
async function rowsOf(table: string): Promise<unknown[][]> {
  const batches: Batch[] = [];
  for await (const batch of (await openParquet(join(folder, 'out', `${table}.parquet`))).batches())
    batches.push(batch);
  const batch = concatBatches(batches);
  return Array.from({ length: batch.length }, (_, row) =>
    [...batch.columns.values()].map((column) => {
      const value = valueAt(column, row);
      return column.type === 'date' ? (value as number) - 14977 : value;
    }),
  );
}

const bought = (quantity: number, time: string, more: Line = {}): Line => ({ quantity, time, ...more });
const cancelled = (quantity: number, time: string, more: Line = {}): Line => ({
  invoice: 'C500009',
  quantity: -quantity,
  time,
  ...more,
});

describe('weekly sales', () => {
  test('are summed from Monday to Sunday on the clock of the shop, with the average price', async () => {
    await importLines([
      bought(1, '2011-01-09T23:59', { price: 4 }),
      bought(3, '2011-01-03T00:00', { price: 2 }),
      bought(5, '2011-01-10T00:00', { price: 3 }),
    ]);
    expect(await rowsOf('weekly')).toEqual([
      ['10001', 'United Kingdom', 0, 4, 2.5, 0, 2.5],
      ['10001', 'United Kingdom', 7, 5, 3, 0, 3],
    ]);
  });

  test('are sorted by article, market and week, and series do not share black prices', async () => {
    await importLines([
      bought(1, '2011-01-10T10:00', { article: '20002', price: 1 }),
      bought(1, '2011-01-03T10:00', { article: '20002', price: 2 }),
      bought(1, '2011-01-10T10:00', { article: '20002', market: 'EIRE', price: 8 }),
      bought(1, '2011-01-10T10:00', { article: '10001', price: 9 }),
    ]);
    expect(await rowsOf('weekly')).toEqual([
      ['10001', 'United Kingdom', 7, 1, 9, 0, 9],
      ['20002', 'EIRE', 7, 1, 8, 0, 8],
      ['20002', 'United Kingdom', 0, 1, 2, 0, 2],
      ['20002', 'United Kingdom', 7, 1, 1, 0.5, 2],
    ]);
    expect(await rowsOf('articles')).toEqual([
      ['10001', '100'],
      ['20002', '200'],
    ]);
    expect(await rowsOf('markets')).toEqual([['EIRE'], ['United Kingdom']]);
  });

  test('have the highest price of the week and the twelve before it as black price', async () => {
    await importLines([
      bought(1, '2011-01-03T10:00', { price: 4 }),
      bought(1, '2011-03-28T10:00', { price: 1 }),
      bought(1, '2011-04-04T10:00', { price: 1 }),
    ]);
    expect((await rowsOf('weekly')).map((row) => row.slice(2))).toEqual([
      [0, 1, 4, 0, 4],
      [84, 1, 1, 0.75, 4],
      [91, 1, 1, 0, 1],
    ]);
  });

  test('count codes that differ only in their case as one article', async () => {
    await importLines([
      bought(1, '2011-01-03T10:00', { article: '10001a' }),
      { article: '10001A', quantity: 2 },
    ]);
    expect(await rowsOf('weekly')).toEqual([['10001A', 'United Kingdom', 0, 3, 1, 0, 1]]);
  });

  test('leave out what is no sale, and say how much', async () => {
    const { lines, kinds } = await importLines([
      { quantity: 10 },
      { article: 'POST', quantity: 3 },
      { article: 'DCGS0003' },
      { article: 'gift_0001_20' },
      { article: '1234' },
      { article: 'M', invoice: 'C500002', quantity: -1 },
      { quantity: -20 },
      { quantity: 7, price: 0 },
      { invoice: 'C500003', quantity: 2 },
      { invoice: 'c500004', quantity: -4, time: '2011-01-04T10:00' },
    ]);
    expect(lines).toBe(10);
    expect(kinds).toEqual({
      sale: { lines: 1, units: 10 },
      cancellation: { lines: 1, units: -4 },
      noArticle: { lines: 5, units: 5 },
      adjustment: { lines: 1, units: -20 },
      unpriced: { lines: 1, units: 7 },
      contraryCancellation: { lines: 1, units: 2 },
    });
    expect(await rowsOf('weekly')).toEqual([['10001', 'United Kingdom', 0, 10, 1, 0, 1]]);
  });
});

describe('returns', () => {
  test('are of the market of the purchase, and summed over a cohort', async () => {
    const { returns } = await importLines([
      bought(5, '2011-01-03T10:00', { market: 'EIRE' }),
      bought(5, '2011-01-04T10:00', { market: 'EIRE', customer: 2 }),
      cancelled(2, '2011-01-12T10:00'),
      cancelled(1, '2011-01-13T10:00', { customer: 2, market: 'EIRE' }),
      cancelled(1, '2011-01-20T10:00'),
    ]);
    expect(await rowsOf('returns')).toEqual([
      ['10001', 'EIRE', 0, 7, 3],
      ['10001', 'EIRE', 0, 14, 1],
    ]);
    expect(returns.inTime).toEqual({ lines: 3, units: 4 });
  });

  test('spread over purchases count as one line; 14 weeks are in time, 15 are late', async () => {
    const { returns, rows } = await importLines([
      bought(2, '2011-01-09T23:00'),
      bought(3, '2011-01-10T01:00'),
      bought(4, '2011-01-11T01:00'),
      cancelled(9, '2011-04-18T10:00'),
    ]);
    expect(returns).toMatchObject({ inTime: { lines: 1, units: 7 }, late: { lines: 1, units: 2 } });
    expect(await rowsOf('returns')).toEqual([['10001', 'United Kingdom', 7, 105, 7]]);
    expect(rows).toEqual({ weekly: 2, articles: 1, markets: 1, returns: 1 });
  });

  test('that come late use their purchase up', async () => {
    const { returns } = await importLines([
      bought(2, '2011-01-03T10:00'),
      cancelled(2, '2011-05-02T10:00'),
      cancelled(1, '2011-05-03T10:00'),
    ]);
    expect(returns).toMatchObject({
      inTime: { lines: 0, units: 0 },
      late: { lines: 1, units: 2 },
      withoutPurchase: { lines: 1, units: 1 },
    });
  });
});

describe('the dataset', () => {
  test('opens, is valid, and is the same every time', async () => {
    const lines = [
      bought(2, '2011-01-03T10:00'),
      bought(2, '2011-01-31T10:00'),
      cancelled(1, '2011-01-05T10:00'),
    ];
    const summary = await importLines(lines);
    const dataset = await openDataset(join(folder, 'out'));
    expect(dataset.name).toBe('online-retail');
    expect(await dataset.validate()).toMatchObject({ rows: summary.rows });
    const { out, ...rest } = summary;
    expect(JSON.parse(await readFile(join(out, 'import.json'), 'utf8'))).toEqual(rest);
    const again = join(folder, 'again');
    await importOnlineRetail({ invoices: join(folder, 'invoices.parquet'), out: again });
    for (const file of await readdir(out))
      expect(await readFile(join(again, file))).toEqual(await readFile(join(out, file)));
  });

  test('has no table of returns when nothing came back', async () => {
    expect((await importLines([bought(2, '2011-01-03T10:00')])).rows.returns).toBe(0);
    const dataset = await openDataset(join(folder, 'out'));
    expect(dataset.tables.find('returns')).toBeUndefined();
    expect((await dataset.validate()).rows).toEqual({ weekly: 1, articles: 1, markets: 1 });
  });

  test('never replaces anything, and an empty folder is nothing', async () => {
    const out = join(folder, 'out');
    await mkdir(out);
    await importLines([{}]);
    await writeFile(join(out, 'dataset.json'), '{}');
    await expect(importLines([{}])).rejects.toThrow(ConfigurationError);
    expect(await readFile(join(out, 'dataset.json'), 'utf8')).toBe('{}');
  });
});

describe('a failure leaves nothing behind', () => {
  const left = async (): Promise<string[]> =>
    (await readdir(folder)).filter((name) => name !== 'invoices.parquet');

  test('when nothing is sold', async () => {
    await expect(importLines([{ article: 'POST' }])).rejects.toThrow(DataError);
    expect(await left()).toEqual([]);
  });

  test('when there is no line at all', async () => {
    await expect(importLines([])).rejects.toThrow(/no sale.*0 lines/);
    expect(await left()).toEqual([]);
  });

  test('when a value is missing, which is named', async () => {
    const invoices = join(folder, 'invoices.parquet');
    const lines = invoiceBatch([{}, {}, {}, {}]).with({
      Country: stringsToColumn(['EIRE', 'EIRE', 'EIRE', null]),
    });
    await writeParquetFile(invoices, [lines], { rowGroupRows: 2 });
    await expect(importOnlineRetail({ invoices, out: join(folder, 'out') })).rejects.toThrow(
      /column Country, row 3/,
    );
    expect(await left()).toEqual([]);
  });

  test('when a column is missing', async () => {
    const invoices = join(folder, 'invoices.parquet');
    await writeParquetFile(invoices, [invoiceBatch([{}]).select(['InvoiceNo', 'StockCode'])]);
    await expect(importOnlineRetail({ invoices, out: join(folder, 'out') })).rejects.toThrow(SchemaError);
    expect(await left()).toEqual([]);
  });

  test('when it is stopped', async () => {
    const invoices = await writeInvoices(join(folder, 'invoices.parquet'), [{}, {}]);
    const stop = new AbortController();
    const onProgress = ({ phase }: { phase: string }): void => {
      if (phase === 'writing articles') stop.abort();
    };
    await expect(
      importOnlineRetail({ invoices, out: join(folder, 'out'), signal: stop.signal, onProgress }),
    ).rejects.toThrow(InterruptedError);
    expect(await left()).toEqual([]);
  });
});
