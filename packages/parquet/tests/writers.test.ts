import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isValid, type Column } from '@hemline/core';
import { openParquet } from '../src/open-parquet.ts';
import type { FilterValue } from '../src/parquet-file.ts';
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

  it.each(FILES)('is the same in %s', async (name) => {
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
  });

  it.each(FILES)('has the rows that every filter asks for, in %s', async (name) => {
    const file = await openParquet(join(FOLDER, name));
    for (const { name: column } of file.schema.fields) {
      const values = (await all(file.batches({ columns: [column] }))).flatMap((batch) =>
        comparableOf(batch.column(column)),
      );
      for (const bound of values) {
        if (bound === null || Number.isNaN(bound)) continue;
        for (const end of ['from', 'to'] as const) {
          const found = await all(file.batches({ columns: [column], where: [{ column, [end]: bound }] }));
          const wanted = values.filter(
            (value) => value !== null && (end === 'from' ? isOrdered(bound, value) : isOrdered(value, bound)),
          );
          const rows = found.flatMap((batch) => comparableOf(batch.column(column)));
          expect(rows, `${column} ${end} ${String(bound)}`).toEqual(wanted);
        }
      }
    }
  });
});

/** Values as filters take them. */
function comparableOf(column: Column): (FilterValue | null)[] {
  return Array.from({ length: column.length }, (_, row) => {
    if (!isValid(column, row)) return null;
    if (column.type === 'string') return column.dictionary[column.values[row]!]!;
    return column.type === 'bool' ? column.values[row] === 1 : column.values[row]!;
  });
}

function isOrdered(a: FilterValue, b: FilterValue): boolean {
  if (typeof a === 'string' && typeof b === 'string')
    return Buffer.compare(Buffer.from(a), Buffer.from(b)) <= 0;
  return a <= b;
}
