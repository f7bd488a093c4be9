import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Batch } from '../src/batch/batch.ts';
import { SchemaError } from '../src/errors/causes.ts';
import { boundBatches, concatBatches, filterRows, sliceRows, takeRows } from '../src/batch/rows.ts';
import { checkBatch } from '../src/batch/check.ts';
import {
  float64Column,
  int32Column,
  nullCount,
  stringsToColumn,
  validityWithout,
} from '../src/columns/build.ts';
import { schemaOf } from '../src/batch/schema.ts';
import { valueAt } from '../src/columns/column.ts';

type Row = [string | null, number | null];
const rowsOf = (batch: Batch): Row[] =>
  Array.from(
    { length: batch.length },
    (_, row) => batch.names.map((name) => valueAt(batch.column(name), row)) as Row,
  );

function batchOf(rows: readonly Row[]): Batch {
  const missing = rows.flatMap(([, value], row) => (value === null ? [row] : []));
  const validity = missing.length === 0 ? null : validityWithout(rows.length, missing);
  return new Batch({
    text: stringsToColumn(rows.map(([text]) => text)),
    value: float64Column(
      Float64Array.from(rows, ([, value]) => value ?? 0),
      validity,
    ),
  });
}

const rows = fc.array(
  fc.tuple(
    fc.option(fc.constantFrom('a', 'b', 'c', 'ä')),
    fc.option(fc.double({ noNaN: true })),
  ) as fc.Arbitrary<Row>,
  { maxLength: 40 },
);

describe('Batch', () => {
  it('gathers, slices, filters and joins like arrays do, missing values included', () => {
    fc.assert(
      fc.property(rows, rows, fc.nat(40), fc.nat(40), (left, right, a, b) => {
        const batch = batchOf(left);
        const [start, end] = [Math.min(a, b, left.length), Math.min(Math.max(a, b), left.length)];
        expect(rowsOf(sliceRows(batch, start, end))).toEqual(left.slice(start, end));
        expect(rowsOf(filterRows(batch, (row) => row % 3 !== 1))).toEqual(
          left.filter((_, row) => row % 3 !== 1),
        );
        expect(rowsOf(concatBatches([batch, batchOf(right)]))).toEqual([...left, ...right]);
        const order = Uint32Array.from(left, (_, row) => left.length - 1 - row);
        expect(rowsOf(takeRows(batch, order))).toEqual([...left].reverse());
        expect(nullCount(batch.column('value'))).toBe(left.filter(([, value]) => value === null).length);
      }),
    );
  });

  it('bounds batches without losing or reordering rows', async () => {
    const all = Array.from({ length: 23 }, (_, i): Row => [String(i % 3), i]);
    const bounded: Batch[] = [];
    for await (const part of boundBatches(
      (async function* () {
        yield batchOf(all);
        yield batchOf(all.slice(0, 3));
      })(),
      10,
    ))
      bounded.push(part);
    expect(bounded.map((part) => part.length)).toEqual([10, 10, 3, 3]);
    expect(bounded.flatMap(rowsOf)).toEqual([...all, ...all.slice(0, 3)]);
  });

  it('names what there is when a column is not, and what was meant', () => {
    expect(() => batchOf([['a', 1]]).column('valu')).toThrow(
      /there is no column valu; expected one of text, value. Did you mean value\?/,
    );
    expect(() => batchOf([['a', 1]]).numbers('text')).toThrow(SchemaError);
    expect(() => batchOf([['a', 1]]).strings('value')).toThrow(SchemaError);
    expect(() => new Batch({ a: int32Column(new Int32Array(2)), b: int32Column(new Int32Array(3)) })).toThrow(
      /expected 2 rows, found 3/,
    );
  });

  it('gives NaN where a number is missing', () => {
    expect([
      ...batchOf([
        ['a', 1],
        ['b', null],
      ]).floats('value'),
    ]).toEqual([1, NaN]);
  });

  it('is checked against a schema: first problem, with its place', () => {
    const schema = schemaOf(
      { name: 'text', type: 'string' },
      { name: 'value', type: 'float64' },
      { name: 'extra', type: 'bool', nullable: true },
    );
    checkBatch(batchOf([['a', 1]]), schema);
    expect(() =>
      checkBatch(
        batchOf([
          ['a', 1],
          ['b', null],
        ]),
        schema,
      ),
    ).toThrow(/a required value is missing \(column value, row 1\)/);
    expect(() => checkBatch(batchOf([['a', 1]]).select(['text']), schema)).toThrow(
      /a column is missing \(column value\)/,
    );
    const wrong = batchOf([['a', 1]]).with({ value: int32Column(Int32Array.of(1)) });
    expect(() => checkBatch(wrong, schema, { table: 'weekly' })).toThrow(
      /wrong type \(table weekly, column value\); expected float64, found int32/,
    );
  });
});
