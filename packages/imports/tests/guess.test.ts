import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guessMap, importDataset, parseMap, type ImportSummary } from '../src/index.ts';
import { addDays, numbers } from './support/dataset-rows.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-imports-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Writes lines made by a function; numbers are the same each time. */
async function write(
  name: string,
  header: string,
  line: (random: (below: number) => number, i: number) => unknown[],
  { delimiter = ',', count = 300 } = {},
): Promise<string> {
  const random = numbers(name.length);
  const lines = Array.from({ length: count }, (_, i) => line(random, i).join(delimiter));
  const path = join(folder, name);
  await writeFile(path, `${[header, ...lines].join('\n')}\n`);
  return path;
}

/** A proposal is worth something when it imports. */
async function importGuess(source: string): Promise<ImportSummary> {
  const { map } = await guessMap(source);
  return importDataset({ source, map: parseMap(map), out: join(folder, 'out') });
}

describe('a proposed map', () => {
  it('knows invoices with American dates, returns and fees', async () => {
    const source = await write(
      'retail.csv',
      'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
      (random, i) => {
        const back = random(6) === 0;
        const code = random(30) === 0 ? 'POST' : ['85123A', '85123a', '22423'][random(3)];
        const day = addDays('2010-12-01', Math.floor(i / 20))
          .split('-')
          .map(Number);
        return [
          ...[
            `${back ? 'C' : ''}${5000 + i}`,
            code,
            'a thing',
            back ? -1 : 2,
            `${day[1]}/${day[2]}/${day[0]} 8:0${i % 10}`,
          ],
          ...[(100 + random(100)) / 100, 17_000 + random(4), 'France'],
        ];
      },
    );
    const { map, notes } = await guessMap(source);
    expect(map).toEqual({
      format: { date: '%m/%d/%Y %H:%M' },
      returns: { documents: '^C' },
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
        leaveOut: [{ reason: 'noArticle', column: 'StockCode', unless: '^\\d' }],
      },
    });
    expect(notes.join('\n')).toMatch(
      /differ in their case.*such as POST.*begin with C.*first lines are: sale \d+/s,
    );
    expect((await importGuess(source)).lines.used.lines).toBeGreaterThan(200);
  });

  it('knows German numbers and dates, promotions, and days', async () => {
    const source = await write(
      'tage.csv',
      'Filiale;Artikel;Datum;Menge;Preis;Aktion;Warengruppe',
      (random, i) => [
        ...[
          'Nord',
          ['0012', '0044'][i % 2],
          addDays('2024-01-01', i >> 1)
            .split('-')
            .reverse()
            .join('.'),
        ],
        ...[random(4), `1.${100 + random(800)},50`, random(2) === 0 ? 'ja' : 'nein', 'Hosen'],
      ],
      { delimiter: ';' },
    );
    const { map } = await guessMap(source);
    expect(map).toEqual({
      format: { delimiter: ';', decimal: ',', thousands: '.', date: '%d.%m.%Y' },
      articles: { columns: { group: 'Warengruppe' } },
      sales: {
        kind: 'daily',
        columns: { article: 'Artikel', market: 'Filiale', date: 'Datum', units: 'Menge', price: 'Preis' },
        covariates: { Aktion: { column: 'Aktion', known: 'ahead' } },
      },
    });
    expect((await importGuess(source)).lines).toMatchObject({ read: 300, used: { lines: 300 }, leftOut: {} });
  });

  it('tells sales, prices, stock and articles of a folder apart', async () => {
    await write('sales.csv', 'sku,shop,sold_at,qty,amount', (random, i) => [
      ...[`A${i % 3}`, 'web', addDays('2025-03-03', i % 60), 1 + random(3), 10 + random(9)],
    ]);
    await write('list.csv', 'sku,price,valid_from', (_, i) => [`A${i}`, 20 + i, '2025-01-01'], { count: 3 });
    await write(
      'counts.csv',
      'date,sku,shop,stock',
      (random, i) => [...[addDays('2025-03-03', 7 * Math.floor(i / 3)), `A${i % 3}`, 'web', random(9)]],
      { count: 24 },
    );
    await write('articles.csv', 'sku,category,brand,colour', (_, i) => [`A${i}`, 'coats', 'own', 'red'], {
      count: 3,
    });
    await write('holidays.csv', 'when,what', (_, i) => [`2025-12-2${i}`, 'x'], { count: 3 });
    const { map, notes } = await guessMap(folder);
    expect(map).toMatchObject({
      sales: {
        files: 'sales.csv',
        columns: { article: 'sku', market: 'shop', date: 'sold_at', units: 'qty', amount: 'amount' },
      },
      prices: { files: 'list.csv', columns: { article: 'sku', price: 'price', validFrom: 'valid_from' } },
      stock: {
        files: 'counts.csv',
        columns: { article: 'sku', market: 'shop', date: 'date', units: 'stock' },
      },
      articles: {
        files: 'articles.csv',
        columns: { article: 'sku', group: 'category', brand: 'brand', colour: 'colour' },
      },
    });
    expect(notes.join('\n')).toMatch(/holidays\.csv: looks like nothing that is known/);
    const summary = await importGuess(folder);
    expect([summary.blackPrice, summary.rows['articles']]).toEqual(['list', 3]);
  });

  it('says so where day and month may be either, and takes the better order', async () => {
    const source = await write('dates.csv', 'item,store,date,units,price', (_, i) => [
      ...[
        `${i % 2}`,
        'S1',
        `0${1 + Math.floor(i / 60)}/${String(1 + (Math.floor(i / 5) % 12)).padStart(2, '0')}/2024`,
        1,
        2,
      ],
    ]);
    const { map, notes } = await guessMap(source);
    expect(map.format).toEqual({ date: '%m/%d/%Y' });
    expect(notes.join('\n')).toMatch(/date may be %m\/%d\/%Y or %d\/%m\/%Y: the first is a guess/);
  });

  it.each([
    ['a title', 'Sales of all shops, 2025\n\n', { skip: 2 }],
    ['a line for Excel', 'sep=,\n', { skip: 1 }],
    ['nothing', '', {}],
  ])('sees the header below %s', async (_, above, format) => {
    const source = await write('sales.csv', 'sku,shop,sold_at,qty,amount', (random, i) => [
      ...[`A${i % 3}`, 'web', addDays('2025-03-03', i % 60), 1 + random(3), 10 + random(9)],
    ]);
    const lines = await readFile(source, 'utf8');
    await writeFile(source, above + lines);
    const { map } = await guessMap(source);
    expect(map.format ?? {}).toEqual(format);
    expect(map.sales.columns).toMatchObject({ article: 'sku', date: 'sold_at', amount: 'amount' });
    expect((await importGuess(source)).lines.read).toBe(lines.trim().split('\n').length - 1);
  });

  it('gives up where nothing looks like sales', async () => {
    const source = await write('weather.csv', 'station,hour,rain', (_, i) => ['a', i, 0]);
    await expect(guessMap(source)).rejects.toThrow(
      /no columns look like those of sales.*found station, hour, rain/,
    );
  });
});
