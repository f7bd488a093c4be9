import { mkdir, mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SchemaElement } from 'hyparquet';
import { parquetWriteFile } from 'hyparquet-writer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  Batch,
  DataError,
  DescriptorError,
  SchemaError,
  dateColumn,
  float64Column,
  int32Column,
  parseWeek,
  stringsToColumn,
  validityWithout,
  type Column,
  type HemlineError,
} from '@hemline/core';
import { openDataset } from '../../src/datasets/open-dataset.ts';
import { writeParquetFile } from '@hemline/stores';

const FIRST = parseWeek('2026-01-05');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-dataset-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Two articles × four weeks in one market, all of it right. */
function weekly(change: Record<string, Column> = {}): Batch {
  return new Batch({
    article: stringsToColumn(['A', 'A', 'A', 'A', 'B', 'B', 'B', 'B']),
    market: stringsToColumn(new Array<string>(8).fill('DE')),
    week: weeks(0, 1, 2, 3, 0, 1, 2, 3),
    demand: numbers(3, 1, 4, 1, 5, 9, 2, 6),
    discount: numbers(0, 0, 0.1, 0.1, 0, 0.2, 0.2, 0.3),
    black_price: numbers(20, 20, 20, 20, 50, 50, 50, 50),
    ...change,
  });
}
const numbers = (...values: number[]): Column => float64Column(Float64Array.from(values));
const weeks = (...offsets: number[]): Column => dateColumn(Int32Array.from(offsets, (n) => FIRST + 7 * n));

/** Writes the weekly table, opens and validates the dataset, gives the error. */
async function problemOf(batch: Batch, descriptor?: object): Promise<HemlineError> {
  await writeParquetFile(join(folder, 'weekly.parquet'), [batch]);
  if (descriptor !== undefined) await writeFile(join(folder, 'dataset.json'), JSON.stringify(descriptor));
  return validationError();
}

async function validationError(): Promise<HemlineError> {
  const before = await listing();
  const error: unknown = await openDataset(folder)
    .then((dataset) => dataset.validate())
    .then(
      () => null,
      (cause: unknown) => cause,
    );
  expect(error, 'validation should have failed').toBeInstanceOf(Error);
  expect(await listing()).toEqual(before);
  return error as HemlineError;
}

async function listing(): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).sort();
}

describe('wrong input', () => {
  it('is not found where there is none', async () => {
    await writeParquetFile(join(folder, 'weekly.parquet'), [weekly()]);
    const dataset = await openDataset(folder);
    expect(await dataset.validate()).toEqual({ rows: { weekly: 8 }, series: 2, lastKnownWeek: FIRST + 21 });
    expect(await dataset.lastKnownWeek()).toBe(FIRST + 21);
  });

  it('is not found in a full price out of a division, which rounding puts below a discount of 0', async () => {
    const full = 1 - (3 * 0.1) / 0.3;
    expect(full).toBeLessThan(0);
    await writeParquetFile(join(folder, 'weekly.parquet'), [
      weekly({ discount: numbers(0, full, 0.1, 0.1, 0, 0.2, 0.2, 0.3) }),
    ]);
    expect((await (await openDataset(folder)).validate()).rows).toEqual({ weekly: 8 });
    const error = await problemOf(weekly({ discount: numbers(0, -0.001, 0.1, 0.1, 0, 0.2, 0.2, 0.3) }));
    expect(error.message).toMatch(/row 1\); expected a number in \[0, 1\), found -0\.001/);
  });

  it('1: a missing column names the role, what there is, and what was probably meant', async () => {
    const { demand: _, ...columns } = Object.fromEntries(weekly().columns);
    const error = await problemOf(new Batch({ ...columns, demnd: numbers(1, 2, 3, 4, 5, 6, 7, 8) }));
    expect(error).toBeInstanceOf(SchemaError);
    expect(error.message).toMatch(
      /a column is missing \(table weekly, file weekly\.parquet, column demand\); expected demand, found columns .*demnd.*did you mean demnd\?/,
    );
  });

  it('2: a wrong type names both types', async () => {
    const error = await problemOf(weekly({ discount: stringsToColumn(new Array<string>(8).fill('10%')) }));
    expect(error).toBeInstanceOf(SchemaError);
    expect(error.message).toMatch(
      /wrong type \(table weekly, file weekly\.parquet, column discount\); expected float64 or float32 or int32 or int64 or decimal, found string/,
    );
  });

  it.each([0, 1.5])('a propensity of %d is no probability of what happened', async (propensity) => {
    const error = await problemOf(weekly({ propensity: numbers(1, 0.5, 1, 1, 1, propensity, 1, 1) }));
    expect(error.message).toMatch(
      /column propensity, row 5\); expected a number in \(0, 1\], found (0|1\.5)\. A discount that was set was drawn/,
    );
  });

  it('3: a discount of 1.2 names file, column, row and value', async () => {
    const error = await problemOf(weekly({ discount: numbers(0, 0, 0.1, 0.1, 0, 1.2, 0.2, 0.3) }));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(
      /table weekly, file weekly\.parquet, column discount, row 5\); expected a number in \[0, 1\), found 1\.2\. A discount is 1 − sales price \/ black price: a fraction/,
    );
  });

  it('4: a duplicate key names both rows', async () => {
    const error = await problemOf(weekly({ week: weeks(0, 1, 2, 3, 0, 1, 1, 2) }));
    expect(error.message).toMatch(
      /a key occurs twice .*row 6\); expected one row for each article × market × week, found article B, market DE, week 2026-01-12 again \(first in file weekly\.parquet, row 5\)/,
    );
  });

  it('5: a skipped week names the setting that allows it', async () => {
    const gap = weekly({ week: weeks(0, 1, 2, 3, 0, 1, 3, 4) });
    expect((await problemOf(gap)).message).toMatch(
      /a week is skipped \(table weekly, file weekly\.parquet, column week, row 6\); expected week 2026-01-19 after 2026-01-12, found article B, market DE, week 2026-01-26\..*"missingWeeks".*"zero" where nothing was sold in them \(mean demand of a week 3\.44\), "unobserved" .*\(mean 3\.88\)/,
    );
    await writeFile(
      join(folder, 'dataset.json'),
      JSON.stringify({ name: 'gaps', tables: { weekly: { missingWeeks: 'unobserved' } } }),
    );
    await expect(openDataset(folder).then((dataset) => dataset.validate())).resolves.toEqual({
      rows: { weekly: 8 },
      series: 2,
      lastKnownWeek: FIRST + 28,
    });
  });

  it('5b: a week that begins on another weekday', async () => {
    const days = [0, 7, 14, 21, 0, 7, 15, 21];
    const error = await problemOf(weekly({ week: dateColumn(Int32Array.from(days, (day) => FIRST + day)) }));
    expect(error.message).toMatch(
      /row 6\); expected a week that begins on the same weekday as 2026-01-05, found 2026-01-20/,
    );
  });

  it('6: a truncated file, wherever it was cut', async () => {
    await writeParquetFile(join(folder, 'weekly.parquet'), [weekly()]);
    const { length } = await readFile(join(folder, 'weekly.parquet'));
    for (const size of [length - 1, length >> 1, 20, 3, 0]) {
      await truncate(join(folder, 'weekly.parquet'), size);
      const error = await validationError();
      expect(error).toBeInstanceOf(DataError);
      expect(error.message).toMatch(
        /not a whole Parquet file \(file .*weekly\.parquet\).*write or copy it again/,
      );
    }
  });

  it('7: an empty dataset, an empty table, and a folder that is not there', async () => {
    expect((await validationError()).message).toMatch(
      /the dataset is empty .*expected Parquet files of at least one table: weekly, articles.*found an empty folder/,
    );
    await writeFile(join(folder, 'sales.parquet'), '');
    await mkdir(join(folder, 'observed'));
    expect((await validationError()).message).toContain(
      'found observed/, sales.parquet. Put the files there',
    );
    await rm(join(folder, 'sales.parquet'));
    await rm(join(folder, 'observed'), { recursive: true });
    expect(
      (
        await problemOf(
          new Batch(
            new Map(
              [...weekly().columns].map(([name, column]) => [
                name,
                { ...column, length: 0, values: column.values.subarray(0, 0) } as Column,
              ]),
            ),
            0,
          ),
        )
      ).message,
    ).toMatch(/a table is empty \(table weekly\)/);
    await expect(openDataset(join(folder, 'nowhere'))).rejects.toThrow(
      /there is no dataset \(file .*nowhere\)/,
    );
  });

  it('8: an unknown market in a join names the market and its row', async () => {
    await writeParquetFile(join(folder, 'markets.parquet'), [
      new Batch({ market: stringsToColumn(['AT', 'CH']) }),
    ]);
    expect((await problemOf(weekly())).message).toMatch(
      /table weekly, file weekly\.parquet, column market, row 0\); expected a market of the table markets, found DE\. Add it to markets/,
    );
  });

  it('9: a price that is NaN, infinite or negative', async () => {
    for (const [value, found] of [
      [NaN, 'NaN'],
      [Infinity, 'Infinity'],
      [-1, '-1'],
    ] as const) {
      const error = await problemOf(weekly({ black_price: numbers(20, 20, value, 20, 50, 50, 50, 50) }));
      expect(error.message).toMatch(
        new RegExp(`column black_price, row 2\\); expected a finite number of at least 0, found ${found}`),
      );
    }
    // Not known is no mistake, where the role may be missing.
    await writeParquetFile(join(folder, 'weekly.parquet'), [
      weekly({ black_price: float64Column(new Float64Array(8).fill(20), validityWithout(8, [2, 3])) }),
    ]);
    await openDataset(folder).then((dataset) => dataset.validate());
  });

  it('10: a descriptor with typos is answered with what was meant, all at once', async () => {
    const columns = { demmand: 'units' };
    const error = await problemOf(weekly(), { name: 'typos', tables: { weekly: { columns }, artikles: {} } });
    expect(error).toBeInstanceOf(DescriptorError);
    expect(error.message).toMatch(
      /tables\.weekly\.columns\.demmand: there is no such role, did you mean demand\?; tables\.artikles: there is no such table, did you mean articles\?/,
    );
    await writeFile(
      join(folder, 'dataset.json'),
      JSON.stringify({ name: 'typos', tables: { weekly: { missingWeek: 'error' } } }),
    );
    expect((await validationError()).message).toMatch(/unknown key missingWeek, did you mean missingWeeks\?/);
    const misplaced = {
      name: 'x',
      tables: { returns: { missingWeeks: 'zero', gifts: 'missing', netSales: 'error' } },
    };
    await writeFile(join(folder, 'dataset.json'), JSON.stringify(misplaced));
    expect((await validationError()).message).toMatch(
      /tables\.returns\.missingWeeks: of weekly alone; tables\.returns\.gifts: of weekly alone/,
    );
    await writeFile(join(folder, 'dataset.json'), '{"name": ');
    expect((await validationError()).message).toMatch(/the descriptor is no JSON \(file .*dataset\.json\)/);
  });

  it('a null key, a null where a value is needed', async () => {
    const error = await problemOf(
      weekly({ market: stringsToColumn(['DE', 'DE', 'DE', null, 'DE', 'DE', 'DE', 'DE']) }),
    );
    expect(error.message).toMatch(/column market, row 3\); expected a value, found null/);
  });

  it('a series that is spread over two files', async () => {
    await writeParquetFile(join(folder, 'weekly', 'a.parquet'), [weekly()]);
    await writeParquetFile(join(folder, 'weekly', 'b.parquet'), [
      weekly({ week: weeks(4, 5, 6, 7, 4, 5, 6, 7) }),
    ]);
    expect((await validationError()).message).toMatch(
      /a series is spread over two partitions \(table weekly, file b\.parquet, row 0\).*article A, market DE in a and in b/,
    );
  });

  it('a series that is spread over two files of a folder, where the platform deals out files', async () => {
    await writeParquetFile(join(folder, 'weekly', 'market=DE', 'a.parquet'), [weekly()]);
    await writeParquetFile(join(folder, 'weekly', 'market=DE', 'b.parquet'), [
      weekly({ week: weeks(4, 5, 6, 7, 4, 5, 6, 7) }),
    ]);
    const dataset = await openDataset(folder);
    await dataset.validate();
    await expect(dataset.validate({ wholeFiles: true })).rejects.toThrow(
      /a series is spread over two partitions .*article A, market DE in market=DE\/a\.parquet and in market=DE\/b\.parquet/,
    );
  });

  it('a role whose column has a type that cannot be read, optional or not', async () => {
    const text = (values: string[]): { data: string[] } => ({ data: values });
    for (const time of ['black_price', 'demand']) {
      const element = (name: string, type: 'INT32' | 'BYTE_ARRAY', more: object): SchemaElement => ({
        name,
        type,
        repetition_type: 'OPTIONAL',
        ...more,
      });
      parquetWriteFile({
        filename: join(folder, 'weekly.parquet'),
        schema: [
          { name: 'root', num_children: time === 'demand' ? 4 : 5 },
          element('article', 'BYTE_ARRAY', { converted_type: 'UTF8' }),
          element('market', 'BYTE_ARRAY', { converted_type: 'UTF8' }),
          element('week', 'INT32', { converted_type: 'DATE' }),
          ...(time === 'demand' ? [] : [element('demand', 'INT32', {})]),
          element(time, 'INT32', { converted_type: 'TIME_MILLIS' }),
        ],
        columnData: [
          { name: 'article', ...text(['A']) },
          { name: 'market', ...text(['DE']) },
          { name: 'week', data: Int32Array.of(FIRST) },
          ...(time === 'demand' ? [] : [{ name: 'demand', data: Int32Array.of(1) }]),
          { name: time, data: Int32Array.of(95) },
        ],
      });
      expect((await validationError()).message).toMatch(
        new RegExp(
          `the type of a column is not supported \\(table weekly, file weekly.parquet, column ${time}\\).*found INT32 TIME_MILLIS.*Cast it`,
        ),
      );
    }
  });

  it('a key that occurs in two files of a table', async () => {
    const article = new Batch({ article: stringsToColumn(['A', 'B']) });
    await writeParquetFile(join(folder, 'articles', 'a.parquet'), [article]);
    await writeParquetFile(join(folder, 'articles', 'b.parquet'), [
      new Batch({ article: stringsToColumn(['C', 'B']) }),
    ]);
    expect((await validationError()).message).toMatch(
      /a key occurs twice \(table articles, file b\.parquet, row 1\).*found article B again \(first in file a\.parquet, row 1\)/,
    );
  });

  it('a column that only some files have', async () => {
    const { market: _, discount, ...columns } = Object.fromEntries(weekly().columns);
    await writeParquetFile(join(folder, 'weekly', 'market=AT', 'a.parquet'), [new Batch(columns)]);
    await writeParquetFile(join(folder, 'weekly', 'market=DE', 'b.parquet'), [
      new Batch({ ...columns, discount: discount! }),
    ]);
    expect((await validationError()).message).toMatch(
      /different columns \(table weekly, file market=DE\/b\.parquet, column discount\).*found discount as well/,
    );
  });

  it('a covariate under the name of a role', async () => {
    const tables = { weekly: { columns: { discount: 'rebate' }, pastCovariates: ['discount'] } };
    const error = await problemOf(weekly({ rebate: numbers(0, 0, 0, 0, 0, 0, 0, 0) }), {
      name: 'twice',
      tables,
    });
    expect(error).toBeInstanceOf(DescriptorError);
    expect(error.message).toMatch(/a covariate has a name that is taken \(table weekly, column discount\)/);
  });

  it('a value that does not fit, in a later row group, by its row of the file', async () => {
    const flags = (...values: number[]): Column => int32Column(Int32Array.from(values));
    await writeParquetFile(
      join(folder, 'weekly.parquet'),
      [weekly({ uncensored: flags(1, 1, 0, 1, 1, 2, 1, 1) })],
      { rowGroupRows: 4 },
    );
    expect((await validationError()).message).toMatch(/column uncensored, row 5\); expected 0 or 1, found 2/);
  });

  it('a partition whose name cannot be decoded', async () => {
    await writeParquetFile(join(folder, 'weekly', 'market=50%', 'a.parquet'), [weekly()]);
    expect((await validationError()).message).toMatch(
      /the name of a partition cannot be decoded .*found market=50%/,
    );
  });

  it('a file whose columns differ from its neighbours', async () => {
    await writeParquetFile(join(folder, 'weekly', 'lot=1', 'a.parquet'), [weekly()]);
    await writeParquetFile(join(folder, 'weekly', 'lot=2', 'b.parquet'), [
      weekly({ demand: stringsToColumn(new Array<string>(8).fill('3')) }),
    ]);
    expect((await validationError()).message).toMatch(
      /wrong type \(table weekly, file lot=2\/b\.parquet, column demand\)/,
    );
  });
});
