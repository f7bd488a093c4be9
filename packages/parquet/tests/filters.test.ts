import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Batch,
  SchemaError,
  dateColumn,
  decimalColumn,
  float64Column,
  int64Column,
  stringColumn,
  validityWithout,
  valueAt,
} from '@hemline/core';
import { encodeParquet } from '../src/write/encode-parquet.ts';
import { openParquet } from '../src/open-parquet.ts';
import { FileSource } from '../src/file-source.ts';
import { writeFileOf } from './write-file.ts';
import type { RangeFilter } from '../src/parquet-file.ts';
import { MemorySink, memorySource } from '../src/memory.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-filters-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

const WORDS = ['', 'a', 'b', 'ba', 'é', '￿', '😀'];

/** By their bytes. */
const SORTED_WORDS = WORDS.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

/** Sorted weeks, and columns in any order; seeded by the numbers given. */
function batchOf(seeds: readonly number[]): Batch {
  const rows = seeds.length;
  const missing = seeds.flatMap((seed, row) => (seed % 5 === 0 ? [row] : []));
  const validity = missing.length === 0 ? null : validityWithout(rows, missing);
  return new Batch({
    week: dateColumn(Int32Array.from(seeds, (_, row) => Math.floor(row / 10) * 7)),
    number: float64Column(
      Float64Array.from(seeds, (seed) => (seed % 17 === 0 ? NaN : (seed % 100) / 4)),
      validity,
    ),
    key: int64Column(
      BigInt64Array.from(seeds, (seed) => BigInt(seed) - 50n),
      validity,
    ),
    price: decimalColumn(
      BigInt64Array.from(seeds, (seed) => BigInt(seed % 1000)),
      9,
      2,
    ),
    word: stringColumn(
      Int32Array.from(seeds, (seed) => seed % WORDS.length),
      WORDS,
      validity,
    ),
  });
}

const rowsOf = (batch: Batch): unknown[][] =>
  Array.from({ length: batch.length }, (_, row) =>
    [...batch.columns.values()].map((column) => valueAt(column, row)),
  );

async function readRows(
  bytes: Uint8Array,
  where: readonly RangeFilter[],
  columns?: readonly string[],
): Promise<unknown[][]> {
  const file = await openParquet(memorySource(bytes));
  const rows: unknown[][] = [];
  for await (const batch of file.batches({ where, ...(columns === undefined ? {} : { columns }) }))
    rows.push(...rowsOf(batch));
  return rows;
}

/** Rows that are not few: pages and row groups have to be passed over. */
const seedLists = fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 150, size: 'max' });
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  week: [0, 110],
  number: [0, 25],
  key: [-50, 950],
  price: [0, 1000],
};
/** In per cent of a column's range: integers are spread evenly, which fast-check's floats are not. */
const numberFilter = fc
  .tuple(
    fc.constantFrom(...Object.keys(RANGES)),
    fc.integer({ min: -10, max: 110 }),
    fc.integer({ min: 0, max: 60 }),
    fc.integer({ min: 0, max: 5 }),
  )
  .map(([column, start, width, form]) => {
    const [low, high] = RANGES[column]!;
    const from = Math.round(low + (start * (high - low)) / 100);
    const to = form === 5 ? from : Math.round(from + (width * (high - low)) / 100);
    return { column, ...(form === 0 ? {} : { from }), ...(form === 1 ? {} : { to }) };
  });
const wordFilter = fc.tuple(fc.nat(WORDS.length - 1), fc.nat(WORDS.length - 1)).map(([a, b]) => ({
  column: 'word',
  from: SORTED_WORDS[Math.min(a, b)]!,
  to: SORTED_WORDS[Math.max(a, b)]!,
}));
const filter: fc.Arbitrary<RangeFilter> = fc.oneof({ weight: 3, arbitrary: numberFilter }, wordFilter);

/** By code point: the order of UTF-8 bytes. */
const isWithin = (value: unknown, { column, from, to }: RangeFilter, scaled: unknown): boolean => {
  if (value === null || value === undefined) return false;
  if (column === 'word') {
    const bytes = (text: unknown): Buffer => Buffer.from(String(text));
    return (
      (from === undefined || Buffer.compare(bytes(value), bytes(from)) >= 0) &&
      (to === undefined || Buffer.compare(bytes(value), bytes(to)) <= 0)
    );
  }
  const number = Number(scaled);
  return (from === undefined || number >= Number(from)) && (to === undefined || number <= Number(to));
};

describe('filters', () => {
  it('give exactly the rows that a look at every row gives', async () => {
    await fc.assert(
      fc.asyncProperty(
        seedLists,
        fc.array(filter, { minLength: 1, maxLength: 2 }),
        fc.constantFrom(16, 40, 1000),
        async (seeds, where, rowGroupRows) => {
          const batch = batchOf(seeds);
          const writer = new MemorySink();
          await encodeParquet(writer, [batch], {
            rowGroupRows,
            pageRows: 8,
            codec: 'none',
            schema: batch.schema,
          });
          const expected = rowsOf(batch).filter((row) =>
            where.every((each) => {
              const position = batch.names.indexOf(each.column);
              const value = row[position];
              // Decimals are compared in units of their scale.
              const scaled = each.column === 'price' ? Math.round(Number(value) * 100) : value;
              const isNaNBound =
                typeof value === 'number' && Number.isNaN(value) && (each.from ?? each.to) === undefined;
              return isNaNBound || isWithin(value, each, scaled);
            }),
          );
          const found = await readRows(writer.content, where);
          expect(found).toEqual(expected);
          const weeks = await readRows(writer.content, where, ['week']);
          expect(weeks).toEqual(expected.map(([week]) => [week]));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('read only what may match', async () => {
    const path = join(folder, 'sorted.parquet');
    const rows = 100_000;
    const batch = new Batch({
      week: dateColumn(Int32Array.from({ length: rows }, (_, row) => row)),
      demand: float64Column(Float64Array.from({ length: rows }, (_, row) => Math.sin(row))),
    });
    await writeFileOf(path, [batch], { rowGroupRows: 20_000, pageRows: 1000, codec: 'none' });
    const source = await FileSource.open(path);
    let bytes = 0;
    const counting = {
      ...source,
      name: source.name,
      size: source.size,
      close: () => source.close(),
      read: (range: { start: number; end: number }) => source.read(range),
      readMany: (ranges: readonly { start: number; end: number }[]) => {
        bytes += ranges.reduce((sum, { start, end }) => sum + end - start, 0);
        return source.readMany(ranges);
      },
    };
    const file = await openParquet(counting);
    const opening = bytes;
    const found: Batch[] = [];
    for await (const each of file.batches({ where: [{ column: 'week', from: 45_500, to: 45_600 }] }))
      found.push(each);
    await source.close();
    expect(found.map(({ length }) => length)).toEqual([101]);
    // One page of each column out of a hundred, and the indexes of one row group.
    expect(bytes - opening).toBeLessThan(20_000);
    expect(source.size).toBeGreaterThan(800_000);
  });

  it('refuse bounds and columns that make no sense', async () => {
    const writer = new MemorySink();
    await encodeParquet(writer, [batchOf([1, 2, 3])]);
    const read = (where: RangeFilter): Promise<unknown> => readRows(writer.content, [where]);
    await expect(read({ column: 'week', from: 'x' })).rejects.toThrow(
      /a bound that compares with date, found string x/,
    );
    await expect(read({ column: 'key', from: 1.5 })).rejects.toThrow(SchemaError);
    await expect(read({ column: 'none', from: 1 })).rejects.toThrow(/a column is missing/);
  });
});
