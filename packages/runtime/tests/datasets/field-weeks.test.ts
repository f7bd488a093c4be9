import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Batch, collect, dateColumn, formatWeek, parseWeek, type Column } from '@hemline/core';
import { writeParquetFile } from '@hemline/stores';
import { openDataset } from '../../src/datasets/open-dataset.ts';
import { FIRST, describeIn, numbers, rowsOf, texts, weekly, weeks } from './field-rows.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-field-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const describeWith = (settings: object, table?: string): Promise<void> => describeIn(folder, settings, table);
const rows = (columns?: string[]): Promise<string[]> => rowsOf(folder, columns);

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
