import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Decimal, RecordBatchStreamWriter, Table, Vector, makeData, tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { Batch } from '../src/batch/batch.ts';
import {
  boolColumn,
  dateColumn,
  float32Column,
  float64Column,
  int32Column,
  int64Column,
  stringsToColumn,
  timestampColumn,
  validityWithout,
} from '../src/columns/build.ts';
import { valueAt } from '../src/columns/column.ts';
import { fromArrow } from '../src/arrow/from-arrow.ts';
import { toArrow } from '../src/arrow/to-arrow.ts';

const missing = validityWithout(3, [1]);
const batch = new Batch({
  f64: float64Column(Float64Array.of(1.5, NaN, -0), missing),
  f32: float32Column(Float32Array.of(1, 2, 3)),
  i32: int32Column(Int32Array.of(-1, 0, 2 ** 31 - 1), missing),
  i64: int64Column(BigInt64Array.of(2n ** 62n + 1n, 0n, -1n)),
  day: dateColumn(Int32Array.of(0, -5, 20_000), missing),
  time: timestampColumn(BigInt64Array.of(1n, 2n, 3n), 'us'),
  flag: boolColumn(Uint8Array.of(1, 0, 1), missing),
  text: stringsToColumn(['ä', null, 'ä']),
});

const rows = (any: Batch) =>
  any.names.map((name) => Array.from({ length: any.length }, (_, row) => valueAt(any.column(name), row)));

describe('Arrow interchange', () => {
  it('shares values, codes and bitmaps instead of copying', () => {
    const table = toArrow(batch);
    const back = fromArrow(table);
    for (const name of ['f64', 'f32', 'i32', 'i64', 'day', 'time', 'text']) {
      expect(table.getChild(name)!.data[0]!.values).toBe(batch.column(name).values);
      expect(back.column(name).values.buffer, name).toBe(batch.column(name).values.buffer);
    }
    expect(back.column('f64').validity!.buffer).toBe(batch.column('f64').validity!.buffer);
  });

  it('keeps types and values, through the wire format as well', () => {
    const table = toArrow(batch);
    const wire = tableFromIPC(RecordBatchStreamWriter.writeAll(table).toUint8Array(true)) as Table;
    for (const back of [fromArrow(table), fromArrow(wire)]) {
      expect(back.schema.fields.map(({ name, type }) => [name, type])).toEqual(
        batch.schema.fields.map(({ name, type }) => [name, type]),
      );
      expect(rows(back)).toEqual(rows(batch));
    }
  });

  it('reads slices and several chunks', () => {
    const table = toArrow(batch);
    expect(rows(fromArrow(table.slice(1, 3)))).toEqual(rows(batch).map((values) => values.slice(1, 3)));
    expect(rows(fromArrow(table.concat(toArrow(batch))))).toEqual(
      rows(batch).map((values) => [...values, ...values]),
    );
  });
});

const GOLDEN = join(import.meta.dirname, 'golden');

/** As arrow-types.py tells it. */
function textOf(value: ReturnType<typeof valueAt>, type: string): string | null {
  if (value === null || (type !== 'float32' && type !== 'float64'))
    return value === null ? null : String(value);
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

describe('a table that pyarrow wrote', () => {
  const table = tableFromIPC(readFileSync(join(GOLDEN, 'arrow-types.arrow'))) as Table;
  const expected = JSON.parse(readFileSync(join(GOLDEN, 'arrow-types.json'), 'utf8')) as Record<
    string,
    (string | null)[]
  >;

  it.each(Object.keys(expected))('has the values of pyarrow in %s, whole and in parts', (name) => {
    // Seconds become milliseconds.
    const wanted =
      name === 'time_s'
        ? expected[name]!.map((text) => text && String(1000n * BigInt(text)))
        : expected[name]!;
    for (const [from, to] of [
      [0, 6],
      [1, 3],
      [2, 6],
    ] as const) {
      const column = fromArrow(table.select([name]).slice(from, to)).column(name);
      const found = Array.from({ length: to - from }, (_, row) => textOf(valueAt(column, row), column.type));
      expect(found).toEqual(wanted.slice(from, to));
      if (column.type === 'string') expect(new Set(column.dictionary).size).toBe(column.dictionary.length);
    }
  });

  it('goes on to Parquet-ready columns: no dictionary holds what is no string', () => {
    for (const column of fromArrow(table).columns.values())
      if (column.type === 'string')
        expect(column.dictionary.every((entry) => typeof entry === 'string')).toBe(true);
  });

  it('may have no record batch', () => {
    const empty = fromArrow(new Table(table.schema) as Table);
    expect([empty.length, empty.names.length]).toEqual([0, Object.keys(expected).length]);
  });

  it('is refused where a decimal has more digits than fit', () => {
    const wide = new Decimal(2, 38, 128);
    const data = makeData({ type: wide, data: new Uint32Array(4) });
    expect(() => fromArrow(new Table({ wide: new Vector([data]) }) as never)).toThrow(
      /decimals of at most 18 digits.*found Decimal/,
    );
  });
});
