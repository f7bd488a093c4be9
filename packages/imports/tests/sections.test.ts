import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataset } from '@hemline/runtime';
import { importDataset, parseMap } from '../src/index.ts';
import { addDays, mondayOf, numbers, query, sumBy, validRows } from './support/dataset-rows.ts';
import { takeFromPiles, type Move } from './support/pile.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-imports-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = async (name: string, header: string, lines: readonly (readonly unknown[])[]): Promise<void> => {
  await writeFile(join(folder, name), `${[header, ...lines.map((line) => line.join(','))].join('\n')}\n`);
};
const columns = { article: 'sku', market: 'shop', date: 'day', units: 'qty', amount: 'paid' };
const importAll = (map: object, more: object = {}) =>
  importDataset({ source: folder, map: parseMap(map), out: join(folder, 'out'), ...more });

describe('returns that have files of their own', () => {
  it('find the purchase of the document that they name', async () => {
    const random = numbers(21);
    const sales = Array.from({ length: 900 }, (_, i) => ({
      party: `R${Math.floor(i / 3)}`,
      article: `A${random(4)}`,
      market: ['web', 'app'][random(2)]!,
      at: addDays('2025-01-01', Math.floor(i / 10)),
      units: 1 + random(3),
    }));
    // Some are returned twice, some on the day of the purchase, some were never bought.
    const returns = Array.from({ length: 400 }, () => {
      const { party, article, at } = sales[random(sales.length)]!;
      const item = random(15) === 0 ? 'A9' : article;
      return { party, article: item, market: '', at: addDays(at, random(130)), units: -(1 + random(2)) };
    });
    await write(
      'sales.csv',
      'order,sku,shop,day,qty,paid',
      sales.map((each) => [each.party, each.article, each.market, each.at, each.units, 5 * each.units]),
    );
    await write(
      'returns.csv',
      'order,item,received,pieces',
      returns.map((each) => [each.party, each.article, each.at, -each.units]),
    );
    const summary = await importAll({
      sales: { files: 'sales.csv', columns: { ...columns, document: 'order' } },
      returns: {
        files: 'returns.csv',
        match: 'document',
        columns: { article: 'item', date: 'received', units: 'pieces', document: 'order' },
      },
    });
    const { taken, withoutPurchase } = takeFromPiles([...sales, ...returns] as Move[], true);
    const inTime = taken.filter(
      ({ purchase, back }) => mondayOf(back.at) <= addDays(mondayOf(purchase.at), 98),
    );
    const cohorts = sumBy(
      inTime,
      ({ purchase, back }) =>
        [purchase.article, purchase.market, mondayOf(purchase.at), mondayOf(back.at)].join(' '),
      ({ units }) => units,
    );
    const rows = await validRows(join(folder, 'out'), 'returns');
    expect(
      new Map(
        rows.map((row) => [
          [row['article'], row['market'], row['sale_week'], row['return_week']].join(' '),
          row['units'],
        ]),
      ),
    ).toEqual(cohorts);
    expect(withoutPurchase).toBeGreaterThan(20);
    expect(summary.returns).toMatchObject({
      withoutPurchase: { units: withoutPurchase },
      withoutParty: { lines: 0 },
    });
    expect(summary.lines).toMatchObject({ read: 1300, used: { lines: 900 }, returns: { lines: 400 } });
  });
});

describe('files of attributes', () => {
  const map = {
    sales: { files: 'sales.csv', columns },
    articles: {
      files: 'articles.csv',
      columns: { article: 'sku', group: 'kind', launchWeek: 'launch', colour: 'colour' },
    },
  };
  beforeEach(() =>
    write('sales.csv', 'sku,shop,day,qty,paid', [
      ['007', 'north', '2025-02-03', 1, 5],
      ['008', 'north', '2025-02-04', 1, 5],
    ]),
  );

  it('give a row to every article that is sold or known', async () => {
    await write('articles.csv', 'sku,kind,launch,colour', [
      ['007', 'coats', '2025-01-06', 'NA'],
      ['009', 'hats', '', 'red'],
    ]);
    const summary = await importAll({ ...map, format: { missing: ['NA'] } });
    expect(await validRows(join(folder, 'out'), 'articles')).toEqual([
      { article: '007', group: 'coats', launch_week: '2025-01-06', colour: null },
      { article: '008', group: null, launch_week: null, colour: null },
      { article: '009', group: 'hats', launch_week: null, colour: 'red' },
    ]);
    expect(summary).toMatchObject({ withoutAttributes: { articles: 1 }, articles: { read: 2 } });
  });

  it('have one value of an attribute', async () => {
    await write('articles.csv', 'sku,kind,launch,colour', [
      ['007', 'coats', '', 'red'],
      ['007', 'coats', '', 'blue'],
    ]);
    await expect(importAll(map)).rejects.toThrow(
      /two values.*one colour of each article, found blue and red of 007/,
    );
  });
});

describe('files of sizes, fulfillment and clearance', () => {
  const sales = { files: 'sales.csv', columns };
  const place = { article: 'sku', market: 'shop', date: 'day' };
  beforeEach(() => write('sales.csv', 'sku,shop,day,qty,paid', [['007', 'north', '2025-02-03', 1, 5]]));

  it('are summed by week, and their articles and markets known', async () => {
    await write('sizes.csv', 'sku,shop,day,size,qty,there', [
      ['007', 'north', '2025-02-03', 'M', 2, 'Y'],
      ['007', 'north', '2025-02-09', 'M', 1, 'N'],
      ['007', 'north', '2025-02-10', 'M', 0.5, 'yes'],
      ['007', 'north', '2025-02-03', '38', 0, 'Y'],
    ]);
    await write('costs.csv', 'sku,shop,day,sent,freight,back,fee', [
      ['007', 'north', '2025-02-03', 3, 10.1, '', ''],
      ['007', 'north', '2025-02-05', '', '', 2, 4.2],
      ['008', 'south', '2025-02-04', 1, 5, 0, 0],
      ['007', 'north', '2025-02-04', -1, -0.1, '', ''],
    ]);
    await write('cleared.csv', 'sku,shop,day,qty,brought,list', [
      ['009', 'north', '2025-03-03', 3, 9, 10],
      ['009', 'north', '2025-03-04', 1, 2, 30],
      ['009', 'north', '2025-03-05', 0, 0, 30],
    ]);
    const summary = await importAll({
      sales,
      sizes: { files: 'sizes.csv', columns: { ...place, size: 'size', units: 'qty', available: 'there' } },
      fulfillment: {
        files: 'costs.csv',
        columns: {
          ...{ ...place, shippedUnits: 'sent', shippingCost: 'freight' },
          ...{ returnedUnits: 'back', returnCost: 'fee' },
        },
      },
      clearance: {
        files: 'cleared.csv',
        columns: { ...place, units: 'qty', value: 'brought', blackPrice: 'list' },
      },
    });
    const out = join(folder, 'out');
    const north = { article: '007', market: 'north', week: '2025-02-03' };
    expect(await validRows(out, 'sizes')).toEqual([
      { ...north, size: '38', sales: 0, available: true },
      { ...north, size: 'M', sales: 3, available: false },
      { ...north, week: '2025-02-10', size: 'M', sales: 0.5, available: true },
    ]);
    expect(await validRows(out, 'fulfillment')).toEqual([
      { ...north, shipped_units: 2, shipping_cost: 10, returned_units: 2, return_cost: 4.2 },
      {
        ...{ article: '008', market: 'south', week: '2025-02-03' },
        ...{ shipped_units: 1, shipping_cost: 5, returned_units: 0, return_cost: 0 },
      },
    ]);
    expect(await validRows(out, 'clearance')).toEqual([
      { article: '009', market: 'north', week: '2025-03-03', units: 4, value: 11, black_price: 15 },
    ]);
    expect((await validRows(out, 'articles')).map(({ article }) => article)).toEqual(['007', '008', '009']);
    expect((await validRows(out, 'markets')).map(({ market }) => market)).toEqual(['north', 'south']);
    expect(summary).toMatchObject({
      sizes: { read: 4, used: { lines: 4 }, leftOut: {} },
      fulfillment: { read: 4, used: { lines: 4 } },
      clearance: { read: 3, used: { lines: 2, units: 4 }, leftOut: { noUnits: { lines: 1 } } },
      rows: { weekly: 1, sizes: 3, fulfillment: 2, clearance: 1 },
    });
  });

  it.each([
    ['a flag that is none', ['007', 'north', '2025-02-03', 'M', 2, 'maybe'], /column there.*found "maybe"/],
    [
      'no flag',
      ['007', 'north', '2025-02-03', 'M', 2, ''],
      /column there.*a value in every line, found nothing/,
    ],
    ['units in words', ['007', 'north', '2025-02-03', 'M', 'two', 'Y'], /column qty.*found "two"/],
    ['no size', ['007', 'north', '2025-02-03', '', 2, 'Y'], /column size.*a size in every line/],
    [
      'more taken back than there was',
      ['007', 'north', '2025-02-03', 'M', -2, 'Y'],
      /a week of sizes has less than nothing .*found -2 of article 007 in north in the week of 2025-02-03/,
    ],
  ])('with %s are refused', async (_, line, message) => {
    await write('sizes.csv', 'sku,shop,day,size,qty,there', [line]);
    const sizes = {
      files: 'sizes.csv',
      columns: { ...place, size: 'size', units: 'qty', available: 'there' },
    };
    await expect(importAll({ sales, sizes })).rejects.toThrow(message);
  });
});

describe('folders', () => {
  const days = Array.from({ length: 6 }, (_, i) => addDays('2025-03-03', 3 * i));
  beforeEach(async () => {
    for (const day of days) {
      await mkdir(join(folder, 'sales', `day=${day}`), { recursive: true });
      await write(`sales/day=${day}/lines.csv`, 'qty,sku,shop,paid', [
        [1, '0010', 'Nord/Süd', 5],
        [2, '0020', 'west', 9],
      ]);
    }
  });

  it('are columns of their lines', async () => {
    const summary = await importAll({ sales: { files: 'sales', columns } });
    expect([summary.files, summary.rows['weekly']]).toEqual([6, 6]);
    const rows = await validRows(join(folder, 'out'), 'weekly');
    expect(
      sumBy(
        rows,
        ({ week }) => week as string,
        ({ demand }) => demand as number,
      ),
    ).toEqual(sumBy(days, mondayOf, () => 3));
  });

  it('are written by market where there are many rows, with the same content', async () => {
    const out = join(folder, 'out');
    const map = { name: 'shop', sales: { files: 'sales', columns } };
    const one = await importAll(map);
    const expected = await query(`SELECT * FROM '${out}/weekly.parquet' ORDER BY ALL`);
    await rm(out, { recursive: true });
    const many = await importAll(map, { rowsPerFile: 2 });
    expect(many).toEqual(one);
    const dataset = await openDataset(out);
    await dataset.validate();
    expect(dataset.partitions.map(({ name }) => name)).toHaveLength(2);
    const names = Object.keys(expected[0]!)
      .map((name) => `"${name}"`)
      .join(', ');
    expect(
      await query(
        `SELECT ${names} FROM (SELECT * REPLACE (url_decode(market) AS market) FROM read_parquet('${out}/weekly/*/*.parquet', hive_partitioning = true)) ORDER BY ALL`,
      ),
    ).toEqual(expected);
  });

  it('that hold more than sales need a map that says which files are which', async () => {
    const prices = { columns: { article: 'sku', price: 'p', validFrom: 'f' }, files: 'prices.csv' };
    await expect(importAll({ sales: { columns }, prices })).rejects.toThrow(
      /sales\.files, since prices has files too/,
    );
  });
});

it('equal files give equal tables, with any number of threads', async () => {
  const random = numbers(4);
  await write(
    'sales.csv',
    'sku,shop,day,qty,paid',
    Array.from({ length: 20_000 }, () => [
      ...[
        `A${random(9)}`,
        `S${random(3)}`,
        addDays('2025-01-01', random(90)),
        1 + random(3),
        (1 + random(999)) / 100,
      ],
    ]),
  );
  const bytes: Buffer[] = [];
  for (const threads of [1, 4]) {
    const { out } = await importAll({ name: 'shop', sales: { files: 'sales.csv', columns } }, { threads });
    bytes.push(await readFile(join(out, 'weekly.parquet')));
    await rm(out, { recursive: true });
  }
  expect(bytes[0]!.equals(bytes[1]!)).toBe(true);
});
