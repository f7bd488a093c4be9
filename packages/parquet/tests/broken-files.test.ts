import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ByteWriter, ParquetWriter, type Writer } from 'hyparquet-writer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  Batch,
  DataError,
  SchemaError,
  float64Column,
  int32Column,
  stringsToColumn,
  timestampColumn,
} from '@hemline/core';
import { openParquet } from '../src/open-parquet.ts';
import { writeFileOf } from './write-file.ts';
import { all } from '../src/testing/columns.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-broken-'));
  path = join(folder, 'a.parquet');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const numbers = (...values: number[]): Batch => new Batch({ x: float64Column(Float64Array.from(values)) });
const readAll = async (): Promise<Batch[]> => all((await openParquet(path)).batches());

describe('openParquet', () => {
  it('names a file that is not there', async () => {
    await expect(openParquet(path)).rejects.toMatchObject({ code: 'DATA', where: { file: path } });
  });

  it.each([
    ['empty', new Uint8Array(0)],
    ['shorter than a footer', new Uint8Array(8)],
    ['garbage', new TextEncoder().encode('article,market,week\nA,DE,2026-01-05\n')],
    [
      'garbage that ends like one',
      new TextEncoder().encode(`PAR1${'x'.repeat(40)}\u0010\u0000\u0000\u0000PAR1`),
    ],
  ])('names a file that is %s', async (_, bytes) => {
    await writeFile(path, bytes);
    const error: unknown = await openParquet(path).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(DataError);
    expect((error as DataError).where).toEqual({ file: path });
    expect(await readdir(folder)).toEqual(['a.parquet']);
  });

  it('refuses a file that was cut anywhere', async () => {
    await writeFileOf(path, [numbers(...Array.from({ length: 50 }, (_, i) => i))]);
    const whole = await readFile(path);
    for (let bytes = 0; bytes < whole.length; bytes += 7) {
      await writeFile(path, whole.subarray(0, bytes));
      await expect(readAll(), `${bytes} of ${whole.length} bytes`).rejects.toThrow(DataError);
    }
  });

  it('names the column of a damaged page', async () => {
    await writeFileOf(path, [numbers(...Array.from({ length: 500 }, (_, i) => Math.sin(i)))], {
      codec: 'zstd',
    });
    const bytes = await readFile(path);
    bytes.fill(0xff, 40, 400);
    await writeFile(path, bytes);
    await expect(readAll()).rejects.toMatchObject({
      code: 'DATA',
      where: { file: path, rowGroup: 0, column: 'x' },
    });
  });

  it('says what was meant by a column that is missing', async () => {
    await writeFileOf(path, [new Batch({ demand: float64Column(Float64Array.of(1)) })]);
    const file = await openParquet(path);
    const reading = all(file.batches({ columns: ['demnd'] }));
    await expect(reading).rejects.toThrow(/column demnd.*found columns demand\. Did you mean demand\?/);
  });

  it('reads around two columns of one name, and names them when they are wanted', async () => {
    const bytes = new ByteWriter();
    const schema = [
      { name: 'root', num_children: 3 },
      ...['twin', 'twin', 'single'].map(
        (name) => ({ name, type: 'INT32', repetition_type: 'REQUIRED' }) as const,
      ),
    ];
    const writer = new ParquetWriter({ writer: bytes as unknown as Writer, schema, codec: 'UNCOMPRESSED' });
    writer.write({
      columnData: ['twin', 'twin', 'single'].map((name) => ({ name, data: Int32Array.of(1, 2) })),
    });
    writer.finish();
    await writeFile(path, new Uint8Array(bytes.getBuffer()));
    const file = await openParquet(path);
    const [batch] = await all(file.batches({ columns: ['single'] }));
    expect([...batch!.numbers('single').values]).toEqual([1, 2]);
    const reading = all(file.batches({ columns: ['twin'] }));
    await expect(reading).rejects.toMatchObject({ code: 'SCHEMA', where: { column: 'twin' } });
  });
});

describe('encodeParquet', () => {
  it.each([
    ['other columns', numbers(1), new Batch({ y: float64Column(Float64Array.of(1)) })],
    ['more columns', numbers(1), numbers(1).with({ y: float64Column(Float64Array.of(1)) })],
    ['another type', numbers(1), new Batch({ x: int32Column(Int32Array.of(1)) })],
    ['text', numbers(1), new Batch({ x: stringsToColumn(['1']) })],
    [
      'another unit of time',
      new Batch({ x: timestampColumn(BigInt64Array.of(1n), 'ms') }),
      new Batch({ x: timestampColumn(BigInt64Array.of(1n), 'us') }),
    ],
  ])('refuses a later batch with %s', async (_, first, second) => {
    await expect(writeFileOf(path, [first, second])).rejects.toThrow(SchemaError);
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses batches that are not of the schema given', async () => {
    const schema = { fields: [{ name: 'x', type: 'string' }] } as const;
    await expect(writeFileOf(path, [numbers(1)], { schema })).rejects.toThrow(SchemaError);
    expect(await readdir(folder)).toEqual([]);
  });

  it('needs a schema when there is no batch', async () => {
    await expect(writeFileOf(path, [])).rejects.toThrow(/no schema/);
    expect(await readdir(folder)).toEqual([]);
  });
});
