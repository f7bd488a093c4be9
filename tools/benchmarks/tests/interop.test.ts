import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Batch,
  boolColumn,
  dateColumn,
  decimalColumn,
  float32Column,
  float64Column,
  int32Column,
  int64Column,
  stringColumn,
  stringsToColumn,
  timestampColumn,
  validityWithout,
  valueAt,
  type Column,
} from '@hemline/core';
import type { ParquetWriteOptions } from '@hemline/parquet';
import { writeParquetFile } from '@hemline/stores';
import { pythonEnvironment } from '../src/harness/python-environment.ts';
import { runChild } from '../src/harness/run-child.ts';

const environment = await pythonEnvironment();
const reason = 'missing' in environment ? environment.missing : '';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-interop-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** A column of every type; which rows are missing is for the caller to say. */
function everyType(rows: number, missing: (row: number) => boolean): Batch {
  const without = Array.from({ length: rows }, (_, row) => row).filter(missing);
  const validity = without.length === 0 ? null : validityWithout(rows, without);
  const numbers = (next: (row: number) => number): number[] =>
    Array.from({ length: rows }, (_, row) => next(row));
  const bigints = (next: (row: bigint) => bigint): BigInt64Array =>
    BigInt64Array.from({ length: rows }, (_, row) => BigInt.asIntN(64, next(BigInt(row))));
  const odd = [0, -0, NaN, Infinity, -Infinity, 5e-324, -1.5, 1e300];
  const hashed = (row: number): number => Math.imul(row + 1, 0x9e3779b1);
  return new Batch({
    few: stringColumn(Int32Array.from(numbers((row) => row % 3)), ['', 'Größe', '😀 日本'], validity),
    many: stringsToColumn(
      numbers((row) => row).map((row) => (missing(row) ? null : `article ${hashed(row)}`)),
    ),
    day: dateColumn(Int32Array.from(numbers((row) => 20_000 + 7 * row - (row % 5) * 400)), validity),
    flag: boolColumn(Uint8Array.from(numbers((row) => Number(row % 3 === 0))), validity),
    runs: int32Column(Int32Array.from(numbers((row) => Math.floor(row / 20) - 3)), validity),
    spread: int32Column(Int32Array.from(numbers(hashed)), validity),
    sorted: int64Column(
      bigints((row) => row * row * 1_000_000_007n - 5n),
      validity,
    ),
    wild: int64Column(
      bigints((row) => (row + 1n) * 0x9e3779b97f4a7c15n),
      validity,
    ),
    price: decimalColumn(
      bigints((row) => (row - 50n) * 1999n),
      9,
      2,
      validity,
    ),
    ms: timestampColumn(
      bigints((row) => row * 3_600_000n),
      'ms',
      validity,
    ),
    us: timestampColumn(
      bigints((row) => row * -3_600_000_001n),
      'us',
      validity,
    ),
    ns: timestampColumn(
      bigints((row) => row * 3_600_000_000_001n),
      'ns',
      validity,
    ),
    levels: float64Column(Float64Array.from(numbers((row) => (row % 15) / 20)), validity),
    odd: float64Column(Float64Array.from(numbers((row) => odd[row % 8]!)), validity),
    demand: float64Column(Float64Array.from(numbers((row) => Math.exp(Math.sin(row)))), validity),
    upper: float32Column(Float32Array.from(numbers((row) => Math.sqrt(row) - 3)), validity),
  });
}

const split = (...names: string[]): Record<string, 'byte-stream-split'> =>
  Object.fromEntries(names.map((name) => [name, 'byte-stream-split']));

const PATTERNS: Readonly<Record<string, (row: number) => boolean>> = {
  none: () => false,
  some: (row) => row % 7 === 3 || row % 11 === 0,
  runs: (row) => Math.floor(row / 40) % 2 === 1,
  all: () => true,
};
const WAYS: Readonly<Record<string, ParquetWriteOptions>> = {
  zstd: { codec: 'zstd' },
  snappy: { codec: 'snappy', rowGroupRows: 130 },
  gzip: { codec: 'gzip', pageRows: 64 },
  none: {
    codec: 'none',
    pageRows: 40,
    rowGroupRows: 200,
    sortedBy: ['runs'],
  },
  plain: {
    encodings: Object.fromEntries(
      ['few', 'many', 'day', 'runs', 'wild', 'price', 'levels', 'odd', 'upper'].map((name) => [
        name,
        'plain',
      ]),
    ),
  },
  delta: {
    encodings: Object.fromEntries(
      ['few', 'many', 'day', 'runs', 'spread', 'sorted', 'wild', 'price', 'us'].map((name) => [
        name,
        'delta',
      ]),
    ),
  },
  split: { encodings: split('levels', 'odd', 'upper') },
  integers: { encodings: split('day', 'runs', 'wild', 'price') },
};

function textOf(column: Column, row: number): string | null {
  const value = valueAt(column, row);
  if (value === null) return null;
  if (column.type !== 'float64' && column.type !== 'float32') return String(value);
  if (Number.isNaN(value)) return 'nan';
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE(value as number);
  return bits.toString('hex');
}

describe('files written here', () => {
  it.skipIf(reason !== '')(
    `are read alike by pyarrow with its checksums, DuckDB and polars${reason === '' ? '' : ` (skipped: ${reason})`}`,
    async () => {
      const expected: Record<string, Record<string, (string | null)[]>> = {};
      for (const [pattern, missing] of Object.entries(PATTERNS)) {
        for (const [way, options] of Object.entries(WAYS)) {
          for (const rows of way === 'zstd' ? [0, 1, 8, 403] : [403]) {
            const batch = everyType(rows, missing);
            const name = `${pattern}-${way}-${rows}.parquet`;
            await writeParquetFile(join(folder, name), [batch], {
              ...options,
              metadata: { made: 'here' },
              schema: batch.schema,
            });
            expected[name] = Object.fromEntries(
              [...batch.columns].map(([column, values]) => [
                column,
                Array.from({ length: rows }, (_, row) => textOf(values, row)),
              ]),
            );
          }
        }
      }
      await writeFile(join(folder, 'expected.json'), JSON.stringify(expected));
      const script = join(import.meta.dirname, 'check_interop.py');
      const output = await runChild({
        file: (environment as { python: string }).python,
        args: [script, folder],
      });
      expect(Object.keys(expected).length).toBeGreaterThan(30);
      expect(JSON.parse(output)).toEqual([]);
    },
    300_000,
  );
});
