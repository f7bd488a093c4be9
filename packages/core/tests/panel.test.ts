import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Batch } from '../src/batch/batch.ts';
import { DataError } from '../src/errors/causes.ts';
import { KeyIndex } from '../src/panel/key-index.ts';
import { dateColumn, float64Column, stringsToColumn } from '../src/columns/build.ts';
import { toPanel } from '../src/panel/panel.ts';

const key = fc.tuple(
  fc.option(fc.constantFrom('a', 'a-b', 'b', 'c')),
  fc.option(fc.constantFrom('b-c', 'c', 'DE')),
  fc.constantFrom('x', 'y'),
);
const keys = (rows: readonly (string | null)[][]) =>
  new Batch({
    k0: stringsToColumn(rows.map((row) => row[0]!)),
    k1: stringsToColumn(rows.map((row) => row[1]!)),
    k2: stringsToColumn(rows.map((row) => row[2]!)),
  });

describe('KeyIndex', () => {
  it('numbers combinations in order of first appearance, over batches with dictionaries of their own', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(key, { maxLength: 20 }), { maxLength: 4 }),
        fc.array(key, { maxLength: 10 }),
        (batches, others) => {
          const index = new KeyIndex(['k0', 'k1', 'k2']);
          const oracle = new Map<string, number>();
          for (const rows of batches) {
            const expected = rows.map((row) => {
              const text = JSON.stringify(row);
              if (!oracle.has(text)) oracle.set(text, oracle.size);
              return oracle.get(text)!;
            });
            expect([...index.add(keys(rows))]).toEqual(expected);
          }
          expect(index.size).toBe(oracle.size);
          for (const [text, number] of oracle)
            expect([0, 1, 2].map((column) => index.text(number, column))).toEqual(JSON.parse(text));
          expect([...index.find(keys(others))]).toEqual(
            others.map((row) => oracle.get(JSON.stringify(row)) ?? -1),
          );
          expect(index.size).toBe(oracle.size);
          const columns = index.toColumns();
          const again = new Batch({ k0: columns[0]!, k1: columns[1]!, k2: columns[2]! });
          expect([...index.find(again)]).toEqual([...oracle.values()]);
        },
      ),
    );
  });
});

const weekly = (rows: readonly [string, string, number][]) =>
  new Batch({
    article: stringsToColumn(rows.map((row) => row[0])),
    market: stringsToColumn(rows.map((row) => row[1])),
    week: dateColumn(Int32Array.from(rows, (row) => row[2] * 7)),
    demand: float64Column(Float64Array.from(rows, (_, i) => i)),
  });

describe('toPanel', () => {
  it('sorts by series and week and keeps every row', () => {
    const panel = toPanel(
      weekly([
        ['a', 'DE', 3],
        ['b', 'DE', 1],
        ['a', 'DE', 1],
        ['a', 'AT', 9],
        ['b', 'DE', 0],
      ]),
    );
    expect([...panel.offsets]).toEqual([0, 2, 4, 5]);
    expect([...panel.weeks].map((week) => week / 7)).toEqual([1, 3, 0, 1, 9]);
    expect([...panel.rows.floats('demand')]).toEqual([2, 0, 4, 1, 3]);
    expect(panel.series.strings('article').values.length).toBe(3);
  });

  it('refuses two rows of one series and week, naming them', () => {
    expect(() =>
      toPanel(
        weekly([
          ['a', 'DE', 3],
          ['b', 'DE', 1],
          ['a', 'DE', 3],
        ]),
      ),
    ).toThrow(DataError);
    expect(() =>
      toPanel(
        weekly([
          ['a', 'DE', 3],
          ['b', 'DE', 1],
          ['a', 'DE', 3],
        ]),
      ),
    ).toThrow(/article a, market DE, week 1970-01-22 again/);
  });
});
