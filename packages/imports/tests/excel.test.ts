import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { utils, write, type WorkSheet } from 'xlsx';
import { guessMap, importDataset, parseMap, type ImportSummary } from '../src/index.ts';
import { query, validRows } from './support/dataset-rows.ts';

const columns = { article: 'sku', market: 'shop', date: 'day', units: 'qty', price: 'price' };
const HEADER = ['sku', 'shop', 'day', 'qty', 'price'];
/** Cells of Excel count days since 1899-12-30. */
const excelDay = (day: string): number => (Date.parse(day) - Date.UTC(1899, 11, 30)) / 86_400_000;
const date = (day: string, z = 'dd.mm.yyyy'): object => ({ t: 'n', v: excelDay(day), z });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-excel-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const sheetOf = (rows: readonly (readonly unknown[])[]): WorkSheet => utils.aoa_to_sheet(rows as unknown[][]);

async function save(sheets: Record<string, WorkSheet>, name = 'sales.xlsx'): Promise<void> {
  const book = { SheetNames: Object.keys(sheets), Sheets: sheets };
  await writeFile(join(folder, name), write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer);
}

function imported(map: object = {}, more: object = {}): Promise<ImportSummary> {
  return importDataset({
    source: join(folder, 'sales.xlsx'),
    map: parseMap({ sales: { columns }, ...map }),
    out: join(folder, 'out'),
    ...more,
  });
}

const weekly = (): Promise<object[]> =>
  validRows(join(folder, 'out'), 'weekly').then((rows) =>
    rows.map(({ article, week, demand, sales_price }) => ({ article, week, demand, sales_price })),
  );

describe('a workbook', () => {
  it('is read below its title: numbers and dates as such, whatever the map says of text', async () => {
    await save({
      Sales: sheetOf([
        ['Sales of all shops', null, 'as of today'],
        [],
        HEADER,
        // A number that is shown as 00042, a text, and a date with a time.
        [{ t: 'n', v: 42, z: '00000' }, 'north', date('2024-03-04'), 2, 9.95],
        [
          '0007',
          'north',
          date('2024-03-05T18:30:00', 'yyyy-mm-dd hh:mm'),
          1,
          { t: 'n', v: 1250.5, z: '#,##0.00' },
        ],
        [],
        ['0007', 'north', date('2024-03-11', 'm/d/yy'), 3, 20],
        [],
      ]),
    });
    const summary = await imported({ format: { skip: 1, decimal: ',', thousands: '.', date: '%d.%m.%Y' } });
    expect(summary.lines).toMatchObject({ read: 3, used: { lines: 3, units: 6 }, leftOut: {} });
    expect(await weekly()).toEqual([
      { article: '00042', week: '2024-03-04', demand: 2, sales_price: 9.95 },
      { article: '0007', week: '2024-03-04', demand: 1, sales_price: 1250.5 },
      { article: '0007', week: '2024-03-11', demand: 3, sales_price: 20 },
    ]);
  });

  it('keeps articles that are numbers as they are written, and text numbers as the map says', async () => {
    await save({
      Sheet1: sheetOf([
        HEADER,
        [17850, 'north', date('2024-03-04'), 2, '1.250,50'],
        ['17850a', 'north', date('2024-03-04'), 2, 12.5],
      ]),
      Empty: sheetOf([[]]),
    });
    await imported({ format: { decimal: ',', thousands: '.' } });
    expect(await weekly()).toEqual([
      { article: '17850', week: '2024-03-04', demand: 2, sales_price: 1250.5 },
      { article: '17850a', week: '2024-03-04', demand: 2, sales_price: 12.5 },
    ]);
  });

  it('counts days from 1904 where it says so', async () => {
    const sheet = sheetOf([
      HEADER,
      ['A', 'north', { t: 'n', v: excelDay('2024-03-04') - 1462, z: 'yyyy-mm-dd' }, 1, 5],
    ]);
    const book = {
      ...{ SheetNames: ['S'], Sheets: { S: sheet } },
      Workbook: { WBProps: { date1904: true } },
    };
    await writeFile(join(folder, 'sales.xlsx'), write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer);
    await imported();
    expect(await weekly()).toEqual([{ article: 'A', week: '2024-03-04', demand: 1, sales_price: 5 }]);
  });

  it.each([
    [
      'a date that is text',
      ['A', 'n', '04.03.2024', 1, 5],
      /line 4, column day, row 1\).*found "04\.03\.2024"/,
    ],
    [
      'a formula that failed',
      ['A', 'n', date('2024-03-04'), { t: 'e', v: 0x2a }, 5],
      /line 4.*column qty.*found "#N\/A"/,
    ],
    ['no units', ['A', 'n', date('2024-03-04'), null, 5], /sales\.xlsx, line 4, column qty.*found nothing/],
  ])('with %s is refused, by the row of the sheet', async (_, row, message) => {
    await save({ S: sheetOf([HEADER, ['A', 'two\nlines', date('2024-03-04'), 1, 5], [], row]) });
    await expect(imported()).rejects.toThrow(message);
    const rejects = join(folder, 'rejects.csv');
    await imported({ badValues: 'leaveOut' }, { rejects });
    expect(await query(`SELECT of_file, of_line, of_row FROM '${rejects}'`)).toEqual([
      { of_file: join(folder, 'sales.xlsx'), of_line: '4', of_row: '1' },
    ]);
  });

  it('of several sheets is asked which one', async () => {
    const rows = [HEADER, ['A', 'n', date('2024-03-04'), 1, 5]];
    await save({ May: sheetOf(rows), June: sheetOf([...rows, rows[1]!]) });
    await expect(imported()).rejects.toThrow(/several sheets .*"sheet": NAME.*found May, June/);
    await expect(imported({ format: { sheet: 'Juni' } })).rejects.toThrow(/no such sheet.*did you mean June/);
    expect((await imported({ format: { sheet: 'June' } })).lines.read).toBe(2);
  });

  it('without cells, or with other content, is refused', async () => {
    await save({ S: sheetOf([[]]) });
    await expect(imported()).rejects.toThrow(/sheet has no rows .*sales\.xlsx/);
    await writeFile(join(folder, 'sales.xlsx'), 'sku,shop,day\n');
    await expect(imported()).rejects.toThrow(/no workbook .*other bytes at its beginning/);
    await writeFile(
      join(folder, 'sales.xlsx'),
      Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), Buffer.alloc(50)]),
    );
    await expect(imported()).rejects.toThrow(/no workbook/);
  });

  it('beside CSV in one folder is read with it, and proposed a map for', async () => {
    await mkdir(join(folder, 'all'));
    await save({ S: sheetOf([HEADER, ['A', 'n', date('2024-03-04'), 1, 5]]) }, 'all/a.xlsx');
    await writeFile(join(folder, 'all', '~$a.xlsx'), 'who has it open');
    const { map } = await guessMap(join(folder, 'all'));
    expect(map.sales.columns).toMatchObject({ article: 'sku', date: 'day', units: 'qty', price: 'price' });
    await writeFile(join(folder, 'all', 'b.csv'), 'shop,sku,day,qty,price\nn,A,2024-03-05,2,5\n');
    const summary = await imported({}, { source: join(folder, 'all') });
    expect([summary.files, summary.lines.used.units]).toEqual([2, 3]);
  });
});
