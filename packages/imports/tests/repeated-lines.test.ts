import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Exports, G, H, columns, line } from './support/exports.ts';

let exports: Exports;
beforeEach(async () => {
  exports = await Exports.make();
});
afterEach(() => exports.remove());

describe('lines that are told twice', () => {
  const first = `${H}${line('2024-03-04')}${line('2024-03-05', '2')}${line('2024-03-05', '3', '4', 'B')}`;
  const second = `${H}${line('2024-03-05', '3', '4', 'B')}${line('2024-03-05', '2')}${line('2024-03-06')}`;

  it('by two files whose days overlap are refused, and added or cut where the map says so', async () => {
    const files = { 'march.csv': first, 'week/10.csv': second };
    await expect(exports.imported(files)).rejects.toThrow(
      /two files tell the same days .*march\.csv.*found lines from 2024-03-05 on in .*10\.csv too \(2 in all\).*"repeats": "add"/,
    );
    const summary = await exports.imported(files, { sales: { columns, repeats: 'add' } });
    expect(summary.lines.used.lines).toBe(6);
    await exports.forget();
    await exports.imported({}, { sales: { columns, files: 'march.csv' }, to: '2024-03-05' });
    expect(await exports.weeks()).toEqual(['A north 2024-03-04 3 9.5', 'B north 2024-03-04 3 4']);
  });

  it('by a file and its copy are refused', async () => {
    await expect(exports.imported({ 'a.csv': first, 'copy of a.csv': first })).rejects.toThrow(
      /two files tell the same days/,
    );
  });

  it('by tills of one shop are sales of their own: some days are alike by chance', async () => {
    const summary = await exports.imported({
      'till 1.csv': `${H}${line('2024-03-04')}${line('2024-03-05')}`,
      'till 2.csv': `${H}${line('2024-03-04')}${line('2024-03-05', '2')}`,
    });
    expect(summary.lines.used).toEqual({ lines: 4, units: 5 });
  });

  it('in one file are sales of their own', async () => {
    await exports.imported(`${H}${G}${G}`);
    expect(await exports.weeks()).toEqual(['A north 2024-03-04 2 9.5']);
  });

  it('in a daily table are refused: a day is a line', async () => {
    const daily = { columns, kind: 'daily' };
    await expect(
      exports.imported(`${H}${line('2024-03-05')}${line('2024-03-05', '2')}`, { sales: daily }),
    ).rejects.toThrow(
      /a day of a daily table has several lines .*found 2 of article A in north on 2024-03-05/,
    );
    const added = { ...daily, repeats: 'add' };
    await exports.imported(`${H}${line('2024-03-05')}${line('2024-03-05', '2')}`, { sales: added });
    expect(await exports.weeks()).toEqual(['A north 2024-03-04 3 9.5']);
  });
});

describe('files of other sections that are given twice', () => {
  const sales = { columns, files: 'sales.csv' };
  const prices = { files: 'prices*.csv', columns: { article: 'sku', price: 'rrp', validFrom: 'since' } };
  const stock = {
    files: 'stock*.csv',
    columns: { article: 'sku', market: 'shop', date: 'day', units: 'qty' },
  };
  const list = 'sku,rrp,since\nA,20,2024-01-01\nB,30,2024-01-01\n';
  const snapshots = 'sku,shop,day,qty\nA,north,2024-03-03,7\nA,south,2024-03-03,5\n';
  const of = (files: Record<string, string>, map: object) =>
    exports.imported({ 'sales.csv': `${H}${G}`, ...files }, { sales, ...map });

  it('are refused: a price list, also in another order', async () => {
    const copy = 'sku,rrp,since\nB,30,2024-01-01\nA,20,2024-01-01\n';
    await expect(of({ 'prices.csv': list, 'prices (1).csv': copy }, { prices })).rejects.toThrow(
      /two files of prices tell the same .*prices \(1\)\.csv.*found all its 2 lines in .*prices\.csv too.*Take one of them out/,
    );
  });

  it('are refused: snapshots of stock, which would count twice, whole or where exports overlap', async () => {
    await expect(of({ 'stock.csv': snapshots, 'stock copy.csv': snapshots }, { stock })).rejects.toThrow(
      /two files of stock tell the same .*found 2 lines from 2024-03-03 on in .*stock\.csv too/,
    );
    const next = `${snapshots}A,north,2024-03-10,6\n`;
    await expect(of({ 'stock copy.csv': snapshots, 'stock.csv': next }, { stock })).rejects.toThrow(
      /two files of stock tell the same/,
    );
  });

  it('are taken where they are of their own: a list that goes on, a second warehouse', async () => {
    const later = `${list}A,18,2024-02-01\n`;
    const summary = await of({ 'prices 1.csv': list, 'prices 2.csv': later }, { prices });
    expect(summary.prices!.used.lines).toBe(5);
    await exports.forget();
    const other = 'sku,shop,day,qty\nA,north,2024-03-03,7\nB,north,2024-03-03,1\n';
    const both = await of({ 'stock 1.csv': snapshots, 'stock 2.csv': other }, { stock, prices: undefined });
    expect(both.stock!.used.units).toBe(20);
  });
});
