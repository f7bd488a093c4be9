import { RecordBatchStreamWriter, tableFromIPC, type Table } from 'apache-arrow';
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
