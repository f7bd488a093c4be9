import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteFile } from 'hyparquet-writer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Batch, int64Column } from '@hemline/core';
import { writeParquetFile } from '@hemline/stores';
import { checkDataset } from '../../src/datasets/check-dataset.ts';
import { openDataset } from '../../src/datasets/open-dataset.ts';
import { FIRST, describeIn, numbers, rowsOf, texts, weekly } from './field-rows.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-field-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const describeWith = (settings: object, table?: string): Promise<void> => describeIn(folder, settings, table);
const rows = (columns?: string[]): Promise<string[]> => rowsOf(folder, columns);

describe("files in a table's folder", () => {
  it('are read whatever their suffix, and named where they are not read', async () => {
    const place = (name: string): string => join(folder, 'weekly', name);
    for (const [i, name] of ['a.parquet', 'b.parq', 'C.PARQUET', '20240812_0001'].entries()) {
      await writeParquetFile(join(folder, 'x.parquet'), [weekly([0, 1], {}, `A${i}`)]);
      await mkdir(join(folder, 'weekly'), { recursive: true });
      await rename(join(folder, 'x.parquet'), place(name));
    }
    await writeFile(place('_SUCCESS'), '');
    await writeFile(place('_late.parquet'), 'rows');
    await writeFile(place('.late.csv.gz'), 'rows');
    await writeFile(place('part-7.parquet.inprogress'), 'PAR1');
    await writeFile(place('README'), 'read me, all of me');
    await mkdir(place('_temporary'));
    const dataset = await openDataset(folder);
    expect((await dataset.validate()).rows).toEqual({ weekly: 8 });
    expect(dataset.passedOver.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
      '.late.csv.gz: hidden',
      'README: no Parquet file',
      '_late.parquet: hidden',
      '_temporary/: hidden',
      'part-7.parquet.inprogress: temporary',
    ]);
  });

  it.each(['rest.csv', 'rest.csv.gz', 'rest.orc', 'rest.jsonl'])(
    'are refused where rows would be lost: %s',
    async (name) => {
      await writeParquetFile(join(folder, 'weekly', 'a.parquet'), [weekly([0])]);
      await writeFile(join(folder, 'weekly', name), 'article;market');
      await expect(openDataset(folder)).rejects.toThrow(
        new RegExp(`of another format .*expected Parquet files, found ${name}\\..*would be missing`),
      );
    },
  );

  it.each([
    ['.hoodie', 'hoodie.properties', 'Apache Hudi'],
    ['metadata', 'v1.metadata.json', 'Apache Iceberg'],
  ])('are refused as a table with a log: %s', async (log, file, format) => {
    await writeParquetFile(join(folder, 'weekly', 'data', 'a.parquet'), [weekly([0])]);
    await mkdir(join(folder, 'weekly', log));
    await writeFile(join(folder, 'weekly', log, file), '{}');
    await expect(openDataset(folder)).rejects.toThrow(
      new RegExp(`transaction log .*${format}.*write the table out`),
    );
  });

  it('may not be in two places', async () => {
    await writeParquetFile(join(folder, 'weekly', 'a.parquet'), [weekly([0])]);
    await writeParquetFile(join(folder, 'weekly.parquet'), [weekly([0])]);
    await expect(openDataset(folder)).rejects.toThrow(/two places .*one of weekly, weekly\.parquet/);
  });

  it('may not contradict their folder', async () => {
    await writeParquetFile(join(folder, 'weekly', 'market=AT', 'a.parquet'), [weekly([0, 1])]);
    await expect(rows()).rejects.toThrow(
      /contradict each other \(table weekly, file market=AT\/a\.parquet, column market, row 0\); expected market AT, .*found DE/,
    );
  });
});

describe('columns', () => {
  it('of 64-bit integers are covariates like those of 32 bits, and those that nothing is read of are named', async () => {
    await writeParquetFile(join(folder, 'weekly.parquet'), [
      weekly([0, 1], { promo: int64Column(BigInt64Array.of(0n, 1n)), other: numbers(1, 2) }),
    ]);
    await describeWith({ futureCovariates: ['promo'] });
    expect(await rows(['week', 'promo'])).toEqual(['2024-01-01 0', '2024-01-08 1']);
    const dataset = await openDataset(folder);
    expect(dataset.unusedColumnsOf('weekly')).toEqual([
      { name: 'other', type: 'float64', reason: 'neither a role nor declared as a covariate' },
    ]);
  });

  it('that are missing throughout one file have the type that they have in another', async () => {
    const keys = (
      market: string,
    ): { name: string; data: unknown[]; type: 'STRING' | 'INT32' | 'DOUBLE' }[] => [
      { name: 'article', data: ['A'], type: 'STRING' },
      { name: 'week', data: [FIRST], type: 'INT32' },
      { name: 'demand', data: [market === 'AT' ? 1 : 2], type: 'DOUBLE' },
    ];
    const schema = (promo: object): never =>
      [
        { name: 'root', num_children: 4 },
        { name: 'article', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
        { name: 'week', type: 'INT32', converted_type: 'DATE', repetition_type: 'OPTIONAL' },
        { name: 'demand', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
        { name: 'promo', repetition_type: 'OPTIONAL', ...promo },
      ] as never;
    for (const [market, promo, value] of [
      ['AT', { type: 'INT32', logical_type: { type: 'NULL' } }, null],
      ['DE', { type: 'BYTE_ARRAY', converted_type: 'UTF8' }, 'sale'],
    ] as const) {
      await mkdir(join(folder, 'weekly', `market=${market}`), { recursive: true });
      parquetWriteFile({
        filename: join(folder, 'weekly', `market=${market}`, 'a.parquet'),
        schema: schema(promo),
        columnData: [
          ...keys(market).map(({ name, data }) => ({ name, data })),
          { name: 'promo', data: [value] },
        ] as never,
      });
    }
    await describeWith({ futureCovariates: ['promo'] });
    expect(await rows(['market', 'promo', 'demand'])).toEqual(['AT null 1', 'DE sale 2']);
  });
});

describe('prices', () => {
  it('stand for discounts, against a list price or the highest of the last weeks', async () => {
    const { article, market, week, demand } = Object.fromEntries(weekly([0, 1, 2, 3]).columns);
    const common = {
      article: article!,
      market: market!,
      week: week!,
      demand: demand!,
      price: numbers(20, 15, 18, 9),
    };
    await writeParquetFile(join(folder, 'weekly.parquet'), [
      new Batch({ ...common, black_price: numbers(20, 20, 20, 20) }),
    ]);
    expect(await rows(['discount'])).toEqual(['0', '0.25', String(1 - 18 / 20), String(1 - 9 / 20)]);
    await writeParquetFile(join(folder, 'weekly.parquet'), [new Batch(common)]);
    await describeWith({ blackPrice: { from: 'maximum', weeks: 2 } });
    expect(await rows(['blackPrice', 'discount'])).toEqual(['20 0', '20 0.25', '18 0', '18 0.5']);
  });

  it('make no discounts without a list price: where there is none at all, and where it is 0', async () => {
    await writeParquetFile(join(folder, 'weekly.parquet'), [
      weekly([0, 1], { discount: numbers(0, 0), paid: numbers(10, 5), list: numbers(0, 10) }),
    ]);
    await describeWith({ columns: { price: 'paid' } });
    await expect(openDataset(folder)).rejects.toThrow(
      /discounts cannot be made from prices alone .*column paid.*"blackPrice": \{ "from": "maximum" \}/,
    );
    const columns = { price: 'paid', blackPrice: 'list' };
    await describeWith({ columns });
    await expect(rows()).rejects.toThrow(
      /a value of blackPrice is not valid .*row 0.*above 0, found 0.*"gifts": "missing"/,
    );
    await describeWith({ columns, gifts: 'missing' });
    expect(await rows(['demand', 'blackPrice', 'discount'])).toEqual(['null null null', '5 10 0.5']);
  });

  const shop = (): Batch =>
    weekly([0, 1, 2, 3], {
      demand: numbers(5, -2, 5, 5),
      discount: numbers(-0.05, 0, 1, 0.1),
      black_price: numbers(20, 20, 20, 20),
    });

  it('and net sales as shops have them are errors with remedies that work', async () => {
    await writeParquetFile(join(folder, 'weekly.parquet'), [shop()]);
    const { problems } = await checkDataset(folder);
    expect(problems.map(({ column, kind, count, share }) => [column, kind, count, share])).toEqual([
      ['demand', 'net sales below zero', 1, 0.25],
      ['discount', 'price above the black price', 1, 0.25],
      ['discount', 'given away', 1, 0.25],
    ]);
    const settings = Object.fromEntries(
      problems.map(({ settlement }) => [settlement!.setting, settlement!.values[0]]),
    );
    await describeWith(settings);
    const settled = await checkDataset(folder);
    expect(settled.problems).toEqual([]);
    expect(settled.changes).toEqual([
      { change: 'more returned than sold, taken for unknown', count: 1 },
      { change: 'given away or without a list price, taken for not on sale', count: 1 },
      { change: 'price above the black price, taken for undiscounted', count: 1 },
    ]);
    expect(await rows(['demand', 'discount', 'blackPrice'])).toEqual([
      ...['5 0 20', 'null 0 20', 'null null 20', '5 0.1 20'],
    ]);
  });

  it('may raise the list price, and net sales be none', async () => {
    await writeParquetFile(join(folder, 'weekly.parquet'), [shop()]);
    await describeWith({ pricesAbove: 'raise-black-price', netSales: 'zero', gifts: 'missing' });
    expect(await rows(['demand', 'discount', 'blackPrice'])).toEqual([
      ...['5 0 21', '0 0 20', 'null null 20', '5 0.1 20'],
    ]);
    // A column by itself is the same as among the others.
    expect(await rows(['demand'])).toEqual(['5', '0', 'null', '5']);
  });
});

describe('a check', () => {
  it('tells all columns of a table that are missing or of the wrong type at once', async () => {
    const { article, week, demand } = Object.fromEntries(weekly([0]).columns);
    const discount = texts('20 %');
    await writeParquetFile(join(folder, 'weekly.parquet'), [
      new Batch({ sku: article!, week: week!, demand: demand!, discount }),
    ]);
    await describeWith({ columns: { article: 'artikel' }, futureCovariates: ['campaign'] });
    const { problems, rows: read } = await checkDataset(folder);
    expect(read).toEqual({});
    expect(problems.map(({ column, kind }) => `${column}: ${kind}`)).toEqual([
      'artikel: a column is missing',
      'market: a column is missing',
      'discount: a column has the wrong type',
      'campaign: a column is missing',
    ]);
  });

  it('goes on after tables that cannot be read', async () => {
    await writeParquetFile(join(folder, 'weekly.parquet'), [weekly([0, 0, 2])]);
    await writeFile(join(folder, 'articles.parquet'), 'no Parquet at all');
    await writeParquetFile(join(folder, 'markets.parquet'), [new Batch({ land: texts('DE') })]);
    const { problems } = await checkDataset(folder);
    expect(problems.map(({ table, kind, count }) => `${table}: ${kind}, ${count}`)).toEqual([
      'articles: not a whole Parquet file, 1',
      'markets: a column is missing, 1',
      'weekly: a key occurs twice, 1',
      'weekly: a week is skipped, 1',
    ]);
  });
});
