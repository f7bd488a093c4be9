import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Batch, DataError, float64Column } from '@hemline/core';
import { openParquetFile, writeParquetFile } from '../src/parquet-files.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-parquet-files-'));
  path = join(folder, 'a.parquet');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const numbers = (...values: number[]): Batch => new Batch({ x: float64Column(Float64Array.from(values)) });

describe('writeParquetFile', () => {
  it('leaves nothing when its source fails, and an earlier file as it was', async () => {
    async function* failing(): AsyncGenerator<Batch> {
      yield numbers(1, 2, 3);
      await Promise.resolve();
      throw new DataError('the source broke');
    }
    await expect(writeParquetFile(path, failing(), { rowGroupRows: 2 })).rejects.toThrow('the source broke');
    expect(await readdir(folder)).toEqual([]);
    const earlier = await writeParquetFile(path, [numbers(7)]);
    await expect(writeParquetFile(path, failing(), { rowGroupRows: 2 })).rejects.toThrow('the source broke');
    expect(await readdir(folder)).toEqual(['a.parquet']);
    expect((await readFile(path)).length).toBe(earlier.bytes);
  });

  it('shows nothing under the name before it is complete', async () => {
    let during: string[] = [];
    async function* watching(): AsyncGenerator<Batch> {
      yield numbers(1, 2, 3);
      during = await readdir(folder);
      yield numbers(4);
    }
    await writeParquetFile(path, watching(), { rowGroupRows: 2 });
    expect(during).toEqual([expect.stringMatching(/^\.a\.parquet\..*\.tmp$/)]);
    expect(await readdir(folder)).toEqual(['a.parquet']);
  });

  it('makes the folder of a file, which can be read then', async () => {
    const deeper = join(folder, 'deeper', 'b.parquet');
    await writeParquetFile(deeper, [numbers(1, 2)]);
    expect((await openParquetFile(deeper)).rows).toBe(2);
  });
});
