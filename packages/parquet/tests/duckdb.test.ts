import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Batch,
  float32Column,
  float64Column,
  int32Column,
  parseDiscountGrid,
  validityWithout,
  type Column,
} from '@hemline/core';
import { openParquet } from '../src/open-parquet.ts';
import { all, anyRow, batchOf, cells } from '../src/testing/columns.ts';
import { writeFileOf } from './write-file.ts';

let folder: string;
let duckdb: DuckDBConnection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-duckdb-'));
  duckdb = await (await DuckDBInstance.create(':memory:')).connect();
});
afterAll(async () => {
  duckdb.closeSync();
  await rm(folder, { recursive: true, force: true });
});

/** The first column of what DuckDB answers. */
async function ask(sql: string): Promise<unknown[]> {
  return (await (await duckdb.runAndReadAll(sql)).getRows()).map(([value]) => value);
}

describe('a file with NaN', () => {
  const values = [1, NaN, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18];
  const columns: Record<string, Column> = {
    double: float64Column(Float64Array.from(values)),
    single: float32Column(Float32Array.from(values)),
    gap: float64Column(Float64Array.from(values), validityWithout(values.length, [2])),
    alone: float64Column(Float64Array.from(values, (value, row) => (row < 8 ? NaN : value))),
    number: int32Column(Int32Array.from(values, (_, row) => row)),
  };

  it.each([8, 1000])(
    'is answered for by DuckDB as by a look at every value, with pages of %d rows',
    async (pageRows) => {
      const path = join(folder, `nan-${pageRows}.parquet`);
      await writeFileOf(path, [new Batch(columns)], { pageRows, rowGroupRows: 16, codec: 'none' });
      await duckdb.run(`create or replace table whole as select * from '${path}'`);
      for (const name of ['double', 'single', 'gap', 'alone'])
        for (const test of [
          '< 5',
          '<= 3',
          '> 17',
          '>= 2',
          '= 3',
          "= 'nan'",
          '<> 3',
          '> 100',
          'between 2 and 4',
        ]) {
          const rows = (table: string): string =>
            `select number from ${table} where ${name} ${test} order by number`;
          expect(await ask(rows(`'${path}'`)), `${name} ${test}`).toEqual(await ask(rows('whole')));
        }
      expect(await ask(`select double from '${path}' where double < 5`)).toEqual([1, 3, 4]);
      expect(await ask(`select double from '${path}' where double > 17`)).toEqual([NaN, 18]);
      // Nor do the extremes come from statistics that leave it out.
      expect(await ask(`select max(double) from '${path}'`)).toEqual([NaN]);
    },
  );

  it('says how many there are, and has no bounds there alone', async () => {
    const path = join(folder, 'nan-8.parquet');
    const footer = await footerOf(path);
    // Field 4: row groups; 1: chunks; 3: their metadata; 12: statistics; 5 and 6: bounds; 9: count of NaN.
    const statistics = footer.field_4.map((group) => group.field_1.map((chunk) => chunk.field_3.field_12));
    const names = Object.keys(columns);
    const found = statistics.map((chunks) =>
      chunks.map((each, i) => [names[i], each.field_9, each.field_5 !== undefined]),
    );
    expect(found).toEqual([
      [
        ['double', 1n, false],
        ['single', 1n, false],
        ['gap', 1n, false],
        ['alone', 8n, false],
        ['number', undefined, true],
      ],
      [
        ['double', 0n, true],
        ['single', 0n, true],
        ['gap', 0n, true],
        ['alone', 0n, true],
        ['number', undefined, true],
      ],
    ]);
    // Field 7 of a chunk: length of its column index, which has no place for a page without bounds.
    const indexed = footer.field_4.map((group) => group.field_1.map((chunk) => chunk.field_7 !== undefined));
    expect(indexed).toEqual([
      [false, false, false, false, true],
      [true, true, true, true, true],
    ]);
    const [at, length] = [footer.field_4[1]!.field_1[0]!.field_6!, footer.field_4[1]!.field_1[0]!.field_7!];
    const bytes = (await readFile(path)).subarray(Number(at), Number(at) + length);
    expect(thriftOf(bytes)).toMatchObject({ field_5: [0n], field_8: [0n] });
  });
});

describe('a file written here', () => {
  it.each(['zstd', 'snappy', 'gzip', 'none'] as const)('has the same values to DuckDB: %s', async (codec) => {
    const path = join(folder, `any-${codec}.parquet`);
    const rows = fc.sample(anyRow, { numRuns: 300, seed: 5 });
    const batch = batchOf(rows);
    await writeFileOf(path, [batch], { codec, pageRows: 40, rowGroupRows: 120 });
    for (const name of ['float64', 'float32', 'int32', 'int64', 'bool', 'string'] as const)
      expect(await ask(`SELECT "${name}" FROM '${path}'`), name).toEqual(cells(batch.column(name)));
    expect(
      (await ask(`SELECT date - DATE '1970-01-01' FROM '${path}'`)).map((days) => days && Number(days)),
    ).toEqual(cells(batch.column('date')).map((days) => days && Number(days)));
  });
});

describe('a file that DuckDB wrote', () => {
  it.each(['v1', 'v2'])(
    'is read as it is meant, with integers as far apart as they can be: %s',
    async (version) => {
      const path = join(folder, `integers-${version}.parquet`);
      // No two alike, so that they are written as differences, several blocks of them.
      const far = (least: string, most: string): string =>
        `CASE WHEN range % 7 = 0 THEN NULL WHEN range % 2 = 0 THEN ${most} - range ELSE ${least} + range END`;
      await duckdb.run(
        `COPY (SELECT (${far('-2147483648', '2147483647')})::INTEGER AS "int32", (${far('0', '4294967295')})::UINTEGER AS "uint32",
         (${far('-9223372036854775808', '9223372036854775807')})::BIGINT AS "int64", (range % 256 - 128)::TINYINT AS "int8"
       FROM range(1000)) TO '${path}' (FORMAT parquet, PARQUET_VERSION ${version})`,
      );
      const file = await openParquet(path);
      const batches = await all(file.batches());
      for (const name of ['int32', 'uint32', 'int64', 'int8']) {
        const found = batches.flatMap((batch) => cells(batch.column(name)));
        const wanted = await ask(`SELECT "${name}"::VARCHAR FROM '${path}'`);
        expect(found.map((value) => (value === null ? null : String(value)))).toEqual(wanted);
      }
    },
  );
});

describe('a bound on a float32 column', () => {
  it('means the level that was stored, as it does to DuckDB', async () => {
    const path = join(folder, 'levels.parquet');
    const levels = Array.from(parseDiscountGrid('0:0.99:0.01'));
    const values = levels.flatMap((level) => [level, level + 0.005]);
    const batch = new Batch({ discount: float32Column(Float32Array.from(values)) });
    await writeFileOf(path, [batch], { pageRows: 8, rowGroupRows: 64, codec: 'none' });
    const file = await openParquet(path);
    const count = async (bounds: { from?: number; to?: number }): Promise<number> => {
      const batches = await all(file.batches({ where: [{ column: 'discount', ...bounds }] }));
      return batches.flatMap((each) => cells(each.column('discount'))).length;
    };
    const asked = async (test: string): Promise<number> =>
      Number((await ask(`select count(*) from '${path}' where discount ${test}`))[0]);
    for (const level of levels) {
      expect([level, await count({ from: level, to: level })]).toEqual([level, 1]);
      expect(await count({ from: level })).toBe(await asked(`>= ${level}`));
      expect(await count({ to: level })).toBe(await asked(`<= ${level}`));
    }
  });

  it('means the level that was stored in half precision', async () => {
    const file = await openParquet(join(import.meta.dirname, 'golden', 'half.parquet'));
    for (const level of parseDiscountGrid('0:0.7:0.05')) {
      const batches = await all(file.batches({ where: [{ column: 'half', from: level, to: level }] }));
      expect(batches.flatMap((each) => cells(each.column('half')))).toEqual([Math.f16round(level)]);
    }
  });
});

interface Chunk {
  readonly field_3: { readonly field_12: Readonly<Record<`field_${number}`, unknown>> };
  readonly field_6?: bigint;
  readonly field_7?: number;
}

async function footerOf(path: string): Promise<{ field_4: { field_1: Chunk[] }[] }> {
  const bytes = await readFile(path);
  const length = bytes.readUInt32LE(bytes.length - 8);
  return thriftOf(bytes.subarray(bytes.length - 8 - length)) as never;
}

function thriftOf(bytes: Buffer): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return deserializeTCompactProtocol({ view, offset: 0 });
}
