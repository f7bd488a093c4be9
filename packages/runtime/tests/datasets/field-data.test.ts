import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteFile } from 'hyparquet-writer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  Batch,
  collect,
  dateColumn,
  float64Column,
  formatWeek,
  int64Column,
  parseWeek,
  stringsToColumn,
  valueAt,
  type Column,
} from '@hemline/core';
import { writeParquetFile } from '@hemline/stores';
import { checkDataset } from '../../src/datasets/check-dataset.ts';
import { openDataset } from '../../src/datasets/open-dataset.ts';

const FIRST = parseWeek('2024-01-01');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-field-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const numbers = (...values: number[]): Column => float64Column(Float64Array.from(values));
const weeks = (...offsets: number[]): Column => dateColumn(Int32Array.from(offsets, (n) => FIRST + 7 * n));
const texts = (...values: string[]): Column => stringsToColumn(values);

/** One article in one market, a row for each of the weeks given. */
function weekly(offsets: readonly number[], change: Record<string, Column> = {}, article = 'A'): Batch {
  return new Batch({
    article: texts(...offsets.map(() => article)),
    market: texts(...offsets.map(() => 'DE')),
    week: weeks(...offsets),
    demand: numbers(...offsets.map(() => 5)),
    discount: numbers(...offsets.map(() => 0.2)),
    ...change,
  });
}

async function describeWith(settings: object, table = 'weekly'): Promise<void> {
  await writeFile(
    join(folder, 'dataset.json'),
    JSON.stringify({ name: 'shop', tables: { [table]: settings } }),
  );
}

/** The weekly table as models see it: `A 2024-01-01 5 0.2`. */
async function rows(columns = ['article', 'week', 'demand', 'discount']): Promise<string[]> {
  const dataset = await openDataset(folder);
  await dataset.validate();
  const batch = await collect(dataset.tables.get('weekly'), { columns });
  return Array.from({ length: batch.length }, (_, row) =>
    columns
      .map((name) => {
        const value = valueAt(batch.column(name), row);
        return name === 'week' ? formatWeek(value as number) : String(value);
      })
      .join(' '),
  );
}

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

describe('weeks', () => {
  const berlin = (offset: number, hour: number): bigint =>
    BigInt((FIRST + 7 * offset) * 24 + hour) * 3_600_000_000n;
  const times = (...values: bigint[]): Column => ({
    ...{ type: 'timestamp', unit: 'us', length: values.length, validity: null },
    values: BigInt64Array.from(values),
  });

  it('at local midnight are dates once the zone is known, through a change of clocks', async () => {
    // Midnight in Berlin is 23:00 of the day before in winter, 22:00 in summer.
    await writeParquetFile(join(folder, 'weekly.parquet'), [
      weekly([0, 1], { week: times(berlin(12, -1), berlin(13, -2)) }),
    ]);
    await expect(rows()).rejects.toThrow(
      /found 2024-03-24T23:00:00Z, midnight where clocks show UTC \+01:00\. Name the zone .*"timeZone"/,
    );
    await describeWith({ timeZone: 'Europe/Berlin' });
    expect(await rows(['week'])).toEqual(['2024-03-25', '2024-04-01']);
    await describeWith({ timeZone: 'Asia/Tokyo' });
    await expect(rows()).rejects.toThrow(/expected midnight in Asia\/Tokyo/);
    await describeWith({ timeZone: 'Europe/Atlantis' });
    await expect(rows()).rejects.toThrow(/a time zone is not known .*found Europe\/Atlantis/);
  });

  it('that begin when clocks skip midnight are dates by their first moment', async () => {
    // In São Paulo the clocks of 2018-11-04, a Sunday, went from midnight to one.
    const at = (...moments: string[]): Column =>
      times(...moments.map((text) => BigInt(Date.parse(text)) * 1000n));
    const sundays = at('2018-10-28T03:00Z', '2018-11-04T03:00Z', '2018-11-11T02:00Z');
    await writeParquetFile(join(folder, 'weekly.parquet'), [weekly([0, 1, 2], { week: sundays })]);
    await describeWith({ timeZone: 'America/Sao_Paulo' });
    expect(await rows(['week'])).toEqual(['2018-10-28', '2018-11-04', '2018-11-11']);
    // One o'clock of any other day is no beginning.
    await writeParquetFile(join(folder, 'weekly.parquet'), [weekly([0], { week: at('2018-10-28T04:00Z') })]);
    await expect(rows()).rejects.toThrow(/expected midnight in America\/Sao_Paulo/);
  });

  it('begin on the same weekday in all tables, or dataset.json moves them', async () => {
    const saleWeek = dateColumn(Int32Array.of(FIRST + 6));
    await writeParquetFile(join(folder, 'weekly.parquet'), [weekly([0, 1])]);
    await writeParquetFile(join(folder, 'returns.parquet'), [
      new Batch({
        ...{ article: texts('A'), market: texts('DE'), units: numbers(1) },
        ...{ sale_week: saleWeek, return_week: saleWeek },
      }),
    ]);
    const problem =
      /same weekday as 2024-01-01, a Monday, in column week of table weekly, found 2024-01-07, a Sunday.*"weekStart": "monday" for returns/;
    await expect(openDataset(folder).then((dataset) => dataset.validate())).rejects.toThrow(problem);
    for (const [settings, week] of [
      [{ weekStart: 'monday' }, '2024-01-01'],
      [{ weekShift: 1 }, '2024-01-08'],
      [{ weekShift: 1, weekStart: 'monday' }, '2024-01-08'],
    ] as const) {
      await describeWith(settings, 'returns');
      const dataset = await openDataset(folder);
      await dataset.validate();
      const batch = await collect(dataset.tables.get('returns'));
      expect(formatWeek(batch.weeks('saleWeek')[0]!)).toBe(week);
    }
  });

  it('in the names of folders are dates', async () => {
    for (const offset of [0, 1]) {
      const { article, market, demand } = Object.fromEntries(weekly([offset]).columns);
      await writeParquetFile(join(folder, 'weekly', `week=${formatWeek(FIRST + 7 * offset)}`, 'a.parquet'), [
        new Batch({ article: article!, market: market!, demand: demand! }),
      ]);
    }
    const batch = await collect((await openDataset(folder)).tables.get('weekly'));
    expect([...batch.weeks('week')]).toEqual([FIRST, FIRST + 7]);
  });

  it('without a row are weeks without a sale where dataset.json says so: as if the rows were there', async () => {
    await writeParquetFile(join(folder, 'weekly', 'a.parquet'), [weekly([0, 3])]);
    await writeParquetFile(join(folder, 'weekly', 'b.parquet'), [weekly([1, 4], {}, 'B')]);
    await expect(rows()).rejects.toThrow(
      /a week is skipped .*"zero" where nothing was sold in them \(mean demand of a week 2\.5\), "unobserved" .*\(mean 5\)/,
    );
    await describeWith({ missingWeeks: 'zero' });
    const line = (article: string, offset: number, demand: number): string =>
      `${article} ${formatWeek(FIRST + 7 * offset)} ${demand} 0.2`;
    const filled = [
      ...[line('A', 0, 5), line('A', 1, 0), line('A', 2, 0), line('A', 3, 5), line('A', 4, 0)],
      ...[line('B', 1, 5), line('B', 2, 0), line('B', 3, 0), line('B', 4, 5)],
    ];
    expect(await rows()).toEqual(filled);
    // What is known up to a week does not change with what comes later.
    const known = (await openDataset(folder)).tables.asOf(FIRST + 14).get('weekly');
    const demand = (await collect(known, { columns: ['demand'] })).floats('demand');
    expect([...demand]).toEqual([5, 0, 0, 5, 0]);
    await describeWith({ missingWeeks: 'zero', lastWeek: formatWeek(FIRST + 35) });
    expect(await rows()).toEqual([
      ...filled.slice(0, 5),
      line('A', 5, 0),
      ...filled.slice(5),
      line('B', 5, 0),
    ]);
  });

  it('without a row are none before the launch, after the season, or without stock', async () => {
    await writeParquetFile(join(folder, 'weekly.parquet'), [
      weekly([2, 4], { stock: numbers(9, 5) }),
      weekly([3, 9], { stock: numbers(9, 9) }, 'B'),
    ]);
    await writeParquetFile(join(folder, 'articles.parquet'), [
      new Batch({ article: texts('A', 'B'), launch_week: weeks(1, 3), season_end_week: weeks(8, 5) }),
    ]);
    await describeWith({ missingWeeks: 'zero', firstWeek: formatWeek(FIRST) });
    // Five of nine and of five pieces are sold: none is left after the fourth week.
    const [a, b] = Map.groupBy(await rows(['article', 'week', 'demand']), (row) => row[0]).values();
    expect(a).toEqual(['A 2024-01-08 0', 'A 2024-01-15 5', 'A 2024-01-22 0', 'A 2024-01-29 5']);
    expect(b!.map((row) => row.slice(13))).toEqual(['5', '0', '0', '0', '0', '0', '5']);
  });

  it('without a row are none before the data begins, however long ago the launch was', async () => {
    await writeParquetFile(join(folder, 'weekly.parquet'), [weekly([4, 5]), weekly([2, 5], {}, 'B')]);
    await writeParquetFile(join(folder, 'articles.parquet'), [
      // 1900-01-01 is a Monday: what an export has where it knows of no launch.
      new Batch({
        article: texts('A', 'B'),
        launch_week: dateColumn(Int32Array.of(parseWeek('1900-01-01'), FIRST)),
      }),
    ]);
    await describeWith({ missingWeeks: 'zero' });
    const line = (article: string, offset: number, demand: number): string =>
      `${article} ${formatWeek(FIRST + 7 * offset)} ${demand}`;
    expect(await rows(['article', 'week', 'demand'])).toEqual([
      ...[line('A', 2, 0), line('A', 3, 0), line('A', 4, 5), line('A', 5, 5)],
      ...[line('B', 2, 5), line('B', 3, 0), line('B', 4, 0), line('B', 5, 5)],
    ]);
  });

  it('without a row end with the week that holds the last day, and the last known week is among them', async () => {
    await writeParquetFile(join(folder, 'weekly.parquet'), [weekly([0, 1])]);
    // A Wednesday: the week after it has not begun.
    await describeWith({ missingWeeks: 'zero', lastWeek: formatWeek(FIRST + 7 * 3 + 2) });
    expect(await rows(['week', 'demand'])).toEqual(
      [5, 5, 0, 0].map((demand, week) => `${formatWeek(FIRST + 7 * week)} ${demand}`),
    );
    const unchecked = await openDataset(folder);
    const checked = await openDataset(folder);
    await checked.validate();
    expect(await checked.lastKnownWeek()).toBe(FIRST + 21);
    expect(await unchecked.lastKnownWeek()).toBe(FIRST + 21);
  });

  it('without a row have the prices, static covariates and folders of the row before', async () => {
    await writeParquetFile(join(folder, 'weekly', 'market=DE', 'region=north', 'a.parquet'), [
      new Batch(
        new Map(
          [
            ...weekly([0, 2], { price: numbers(8, 6), shade: texts('red', 'red'), deal: numbers(1, 1) })
              .columns,
          ].filter(([name]) => name !== 'market'),
        ),
      ),
    ]);
    await describeWith({
      ...{ missingWeeks: 'zero', blackPrice: { from: 'maximum' }, columns: { price: 'price' } },
      ...{ staticCovariates: ['shade', 'region'], futureCovariates: ['deal'] },
    });
    expect(await rows(['week', 'demand', 'price', 'discount', 'shade', 'region', 'deal'])).toEqual([
      `${formatWeek(FIRST)} 5 8 0 red north 1`,
      `${formatWeek(FIRST + 7)} 0 8 0 red north null`,
      `${formatWeek(FIRST + 14)} 5 6 0.25 red north 1`,
    ]);
  });
});

describe('weeks without a row after a week of gifts', () => {
  const columns = { price: 'paid', blackPrice: 'list' };
  const kept = ['week', 'demand', 'discount', 'blackPrice', 'price'];
  const week = (offset: number): string => formatWeek(FIRST + 7 * offset);

  it('have the last prices that are known', async () => {
    await writeParquetFile(join(folder, 'weekly.parquet'), [
      // Sold at 15 of 20, given away, a week without a row, sold at 10 of 20, given away, no row.
      weekly([0, 1, 3, 4], {
        discount: numbers(0, 0, 0, 0),
        paid: numbers(15, 0, 10, 0),
        list: numbers(20, 20, 20, 0),
      }),
      // Given away at first: nothing is known before, and nothing of what comes after is.
      weekly(
        [0, 2, 5],
        { discount: numbers(0, 0, 0), paid: numbers(0, 9, 9), list: numbers(0, 10, 12) },
        'B',
      ),
    ]);
    await describeWith({ columns, gifts: 'missing', missingWeeks: 'zero' });
    const [a, b] = [(await rows(kept)).slice(0, 6), (await rows(kept)).slice(6)];
    expect(a).toEqual([
      `${week(0)} 5 0.25 20 15`,
      `${week(1)} null null 20 null`,
      `${week(2)} 0 0.25 20 15`,
      `${week(3)} 5 0.5 20 10`,
      `${week(4)} null null null null`,
      `${week(5)} 0 0.5 20 10`,
    ]);
    expect(b.map((row) => row.slice(11))).toEqual([
      ...['null null null null', '0 null null null', `5 ${1 - 9 / 10} 10 9`],
      ...[`0 ${1 - 9 / 10} 10 9`, `0 ${1 - 9 / 10} 10 9`, `5 ${1 - 9 / 12} 12 9`],
    ]);
    // A filled row is the same whichever columns are asked for beside it.
    expect(await rows(['week', 'discount'])).toEqual(
      [...a, ...b].map((row) => [row.slice(0, 10), row.split(' ')[2]].join(' ')),
    );
  });

  it('have the last discounts where there are no prices', async () => {
    await writeParquetFile(join(folder, 'weekly.parquet'), [
      weekly([0, 1, 3], { discount: numbers(0.3, 1, 0.1) }),
    ]);
    await describeWith({ gifts: 'missing', missingWeeks: 'zero' });
    expect(await rows(['demand', 'discount'])).toEqual(['5 0.3', 'null null', '0 0.3', '5 0.1']);
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
