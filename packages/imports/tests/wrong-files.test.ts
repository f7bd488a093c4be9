import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importDataset, parseMap, type ImportOptions, type ImportSummary } from '../src/index.ts';
import { query } from './support/dataset-rows.ts';

const columns = { article: 'sku', market: 'shop', date: 'day', units: 'qty', price: 'price' };
const HEADER = 'sku,shop,day,qty,price\n';
const GOOD = 'A,north,2024-03-04,1,9.5\n';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-imports-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Imports a text; the map's other keys are given. */
async function imported(
  text: string | Buffer,
  map: object = {},
  options: Partial<ImportOptions> = {},
): Promise<ImportSummary> {
  await writeFile(join(folder, 'sales.csv'), text);
  return importDataset({
    source: join(folder, 'sales.csv'),
    map: parseMap({ sales: { columns }, ...map }),
    out: join(folder, 'out'),
    ...options,
  });
}

/** Nothing but the source is there. */
async function expectNothingLeft(): Promise<void> {
  expect(await readdir(folder)).toEqual(['sales.csv']);
}

describe('what cannot be read', () => {
  it.each([
    [
      'a date in another form',
      'A,north,04.03.2024,1,9.5',
      /line of sales cannot be read \(.*sales\.csv, line 3, column day, row 1\); expected a date such as 2024-07-22.*found "04\.03\.2024".*"format"/,
    ],
    ['a date that is none', 'A,north,2024-02-30,1,9.5', /column day, row 1.*found "2024-02-30"/],
    ['a year of two digits', 'A,north,24-03-04,1,9.5', /column day, row 1/],
    ['a time with an offset', 'A,north,2024-03-04T23:30:00+02:00,1,9.5', /column day, row 1.*timeZone/],
    ['units in words', 'A,north,2024-03-04,one,9.5', /column qty, row 1\); expected a number, found "one"/],
    ['units that are infinite', 'A,north,2024-03-04,inf,9.5', /column qty, row 1\).*found "inf"/],
    ['a decimal comma', 'A,north,2024-03-04,1,"9,5"', /column price, row 1\).*found "9,5".*decimal/],
    [
      'no article',
      ' ,north,2024-03-04,1,9.5',
      /column sku, row 1\); expected an article in every line, found " "/,
    ],
    ['no units', 'A,north,2024-03-04,,9.5', /column qty, row 1\).*found nothing/],
    [
      'a line without a column',
      'A,north,2024-03-04,1',
      /line 3 cannot be read \(file .*sales\.csv\); expected 5 columns, found 4: A,north/,
    ],
  ])('%s is told with its place, and nothing is left behind', async (_, line, message) => {
    await expect(imported(`${HEADER}${GOOD}${line}\n${GOOD}`)).rejects.toThrow(message);
    await expectNothingLeft();
  });

  it('is found after many good lines too', async () => {
    const many = Array.from({ length: 60_000 }, () => GOOD).join('');
    await expect(imported(`${HEADER}${many}A,north,2024-03-04,1,?\n`)).rejects.toThrow(
      /column price, row 60000\).*found "\?"/,
    );
    await expectNothingLeft();
  });

  it('is told with the column that it is in, where several have one role', async () => {
    const covariates = { promo: { column: 'promo' }, poster: { column: 'poster' } };
    await expect(
      imported('sku,shop,day,qty,price,promo,poster\nA,n,2024-03-04,1,2,Y,N\nA,n,2024-03-05,1,2,maybe,N\n', {
        sales: { columns, covariates },
      }),
    ).rejects.toThrow(/column promo, row 1\).*found "maybe"/);
    await expectNothingLeft();
  });

  it('is counted, and written with its reason, where the map leaves it out', async () => {
    const lines = [
      'A,north,2024-03-04,1,9.5',
      'Total,,,12,',
      'A,north,2024-03-04,1',
      'A,north,yesterday,1,9.5',
      'A,north,2024-03-05,-1,9.5',
      'A,north,2024-03-06,0,9.5',
      'A,north,2024-03-07,2,0',
      'A,north,2025-01-01,2,3',
    ];
    const rejects = join(folder, 'rejects.csv');
    const summary = await imported(
      `${HEADER}${lines.join('\n')}\n`,
      { badValues: 'leaveOut', to: '2024-12-31' },
      { rejects },
    );
    const reasons = {
      missingMarket: 1,
      brokenLine: 1,
      unreadableDate: 1,
      negativeUnits: 1,
      noUnits: 1,
      unpriced: 1,
      afterTo: 1,
    };
    expect(
      Object.fromEntries(
        Object.entries(summary.lines.leftOut).map(([reason, count]) => [reason, count.lines]),
      ),
    ).toEqual(reasons);
    expect([summary.lines.read, summary.lines.used]).toEqual([lines.length, { lines: 1, units: 1 }]);
    const rows = await query(`SELECT * FROM read_csv('${rejects}', all_varchar = true)`);
    expect(rows.map((row) => row['left_out_because']).sort()).toEqual(Object.keys(reasons).sort());
    expect(rows.find((row) => row['left_out_because'] === 'brokenLine')).toMatchObject({
      of_line: '4',
      broken_line: 'A,north,2024-03-04,1',
    });
    expect(rows.find((row) => row['left_out_because'] === 'missingMarket')).toMatchObject({
      ...{ of_row: '1', of_line: '3' },
      sku: 'Total',
    });
    const told = JSON.parse(await readFile(join(folder, 'out', 'import.json'), 'utf8')) as object;
    expect({ out: summary.out, ...told }).toEqual(summary);
  });
});

describe('lines of texts that go on over several lines', () => {
  const header = 'sku,shop,day,qty,price,remark\r\n';
  const good = 'A,north,2024-03-04,1,9.5,"first\nsecond\r\nthird"\r\n\r\n';

  it('are those of an editor, in errors', async () => {
    await expect(imported(`${header}${good}${good}A,north,2024-03-04,x,9.5,\r\n`)).rejects.toThrow(
      /sales\.csv, line 10, column qty, row 2\)/,
    );
    await expect(imported(`${header}${good}${good}A,north,2024-03-04\r\n`)).rejects.toThrow(
      /line 10 cannot be read .*found 3: A,north,2024-03-04\./,
    );
  });

  it('are those of an editor, in what was left out', async () => {
    const rejects = join(folder, 'rejects.csv');
    await imported(
      `${header}${good}A,north\r\nA,north,2024-03-04,x,9.5,"two\nlines"\r\nA,,,,,\r\n`,
      { badValues: 'leaveOut' },
      { rejects },
    );
    const rows = await query(
      `SELECT left_out_because AS why, of_row, of_line, broken_line FROM read_csv('${rejects}', all_varchar = true) ORDER BY of_line::INT`,
    );
    expect(rows).toEqual([
      { why: 'brokenLine', of_row: null, of_line: '6', broken_line: 'A,north' },
      { why: 'unreadableUnits', of_row: '1', of_line: '7', broken_line: null },
      { why: 'missingMarket', of_row: '2', of_line: '9', broken_line: null },
    ]);
  });
});

describe('numbers', () => {
  it.each([
    ['1.250,50', { decimal: ',', thousands: '.' }, 1250.5],
    ["1'250.50", { thousands: "'" }, 1250.5],
    ['1 250', { thousands: ' ' }, 1250],
    ['12,5', { decimal: ',' }, 12.5],
    [' 12.5 ', {}, 12.5],
  ])('%s is read with %j', async (text, format, price) => {
    const { out } = await imported(`sku;shop;day;qty;price\nA;n;2024-03-04;1;${text}\n`, {
      format: { delimiter: ';', ...format },
    });
    expect(await query(`SELECT sales_price FROM '${out}/weekly.parquet'`)).toEqual([{ sales_price: price }]);
  });

  it.each([
    ['12.50', { decimal: ',', thousands: '.' }],
    ['12.5', { decimal: ',' }],
    ['1.25.5', { decimal: ',', thousands: '.' }],
    ['1,250', {}],
  ])('%s is none with %j', async (text, format) => {
    await expect(
      imported(`sku;shop;day;qty;price\nA;n;2024-03-04;1;${text}\n`, {
        format: { delimiter: ';', ...format },
      }),
    ).rejects.toThrow(/column price, row 0/);
  });
});

describe('what does not fit', () => {
  it('a column that is not there is answered with what was meant', async () => {
    await expect(
      imported('sku,shop,day,quantity,prize\nA,n,2024-03-04,1,2\n', {
        sales: { columns: { ...columns, units: 'quantity' } },
      }),
    ).rejects.toThrow(/expected price \(sales\.columns\.price\), found prize and 4 others/);
    await expect(imported('sku;shop;day;qty;price\nA;n;2024-03-04;1;2\n')).rejects.toThrow(
      /There is one column: check format\.delimiter/,
    );
    await expectNothingLeft();
  });

  it.each([
    ['an empty file', '', /no header/],
    ['a header twice', 'sku,sku,shop,day,qty,price\n', /two columns have the same name.*found sku/],
    ['no line', HEADER, /no sale in the source.*none among 0 lines/],
    ['returns alone', `${HEADER}A,n,2024-03-04,-1,2\n`, /none among 1 lines; left out: negativeUnits 1/],
    [
      'Latin-1',
      Buffer.from(`${HEADER}Mütze,n,2024-03-04,1,2\n`, 'latin1'),
      /line 2.*expected text in UTF-8.*encoding/,
    ],
    [
      'mixed line ends',
      `sku,shop,day,qty,price\r\nA,n,2024-03-04,1,2\r\n${GOOD}${GOOD}`,
      /the same line ends/,
    ],
  ])('%s is refused', async (_, text, message) => {
    await expect(imported(text)).rejects.toThrow(message);
    await expectNothingLeft();
  });

  it('no file of another kind is taken for lines', async () => {
    await writeFile(join(folder, 'sales.docx'), 'PK');
    await writeFile(join(folder, 'sales.xlsx'), 'PK');
    const map = parseMap({ sales: { columns } });
    const options = { map, out: join(folder, 'out') };
    await expect(importDataset({ ...options, source: join(folder, 'sales.docx') })).rejects.toThrow(
      /CSV .*found sales\.docx.*convert/,
    );
    await expect(importDataset({ ...options, source: join(folder, 'sales.xlsx') })).rejects.toThrow(
      /no workbook .*sales\.xlsx/,
    );
    await writeFile(join(folder, 'sales.parquet'), 'PAR1');
    await expect(importDataset({ ...options, source: join(folder, 'sales.parquet') })).rejects.toThrow(
      /Parquet/,
    );
    await expect(importDataset({ ...options, source: join(folder, 'no*.csv') })).rejects.toThrow(
      /quote a glob/,
    );
    await writeFile(join(folder, 'sales.jsonl'), '{"sku": "A", \n');
    await expect(importDataset({ ...options, source: join(folder, 'sales.jsonl') })).rejects.toThrow(
      /JSON lines.*sales\.jsonl/,
    );
  });

  it('a folder that has something in it is left alone', async () => {
    await mkdir(join(folder, 'out'));
    await writeFile(join(folder, 'out', 'mine'), '');
    await expect(imported(HEADER + GOOD)).rejects.toThrow(/found mine.*another folder/);
    expect(await readdir(join(folder, 'out'))).toEqual(['mine']);
  });

  it('a place for rejects that is not there is told before any work', async () => {
    const phases: string[] = [];
    await expect(
      imported(
        HEADER + GOOD,
        {},
        { rejects: join(folder, 'no', 'rejects.csv'), onProgress: ({ phase }) => phases.push(phase) },
      ),
    ).rejects.toThrow(/ENOENT.*no/);
    expect(phases).toEqual([]);
    await expectNothingLeft();
  });

  it('a signal stops it, and nothing is left behind', async () => {
    const stop = new AbortController();
    const many = Array.from({ length: 200_000 }, () => GOOD).join('');
    const phases: string[] = [];
    await expect(
      imported(
        HEADER + many,
        {},
        {
          signal: stop.signal,
          onProgress: ({ phase }) => {
            phases.push(phase);
            if (phase === 'summing weeks') stop.abort();
          },
        },
      ),
    ).rejects.toThrow(/asked to stop/);
    expect(phases).toContain('reading sales');
    expect(existsSync(join(folder, 'out'))).toBe(false);
    await expectNothingLeft();
  });
});
