import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openParquet } from '../src/open-parquet.ts';
import { all, cells } from '../src/testing/columns.ts';

const FOLDER = join(import.meta.dirname, 'writers');
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.parquet'));
const EXPECTED = JSON.parse(readFileSync(join(FOLDER, 'expected.json'), 'utf8')) as Record<
  string,
  readonly (string | null)[]
>;
/** What a writer cannot put into a file: decimals and dates of pandas are objects. */
const WITHOUT: Readonly<Record<string, readonly string[]>> = {
  'fastparquet.parquet': ['date', 'decimal9', 'decimal18'],
};
/** To pandas, NaN is missing. */
const NAN_IS_MISSING = new Set(['fastparquet.parquet']);

describe('one table, by different writers', () => {
  it('is there', () => {
    expect(FILES).toHaveLength(6);
  });

  it.each(FILES)('is the same in %s, whole and filtered', async (name) => {
    const file = await openParquet(join(FOLDER, name));
    expect(file.unsupported).toEqual({});
    const columns = Object.keys(EXPECTED).filter((column) => !WITHOUT[name]?.includes(column));
    expect(file.schema.fields.map((field) => field.name)).toEqual(columns);
    const batches = await all(file.batches());
    for (const column of columns) {
      const found = batches
        .flatMap((batch) => cells(batch.column(column)))
        .map((value) => (value === null ? null : Object.is(value, -0) ? '-0' : String(value)));
      const wanted = EXPECTED[column]!.map((value) =>
        value === 'NaN' && NAN_IS_MISSING.has(name) ? null : value,
      );
      expect(found, column).toEqual(wanted);
    }
    for (const [column, from, rows] of [
      ['float64', 1, 2],
      ['float32', 0.1, 2],
      ['int32', 2 ** 31 - 1, 1],
      ['uint32', 2 ** 31, 2],
      ['string', 'b', 2],
    ] as const) {
      const where = [{ column, from }];
      const some = await all(file.batches({ columns: ['int8'], where }));
      expect(
        some.reduce((sum, batch) => sum + batch.length, 0),
        `${column} from ${from}`,
      ).toBe(rows);
    }
  });
});
