import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Batch, ConfigurationError, float64Column, int32Column, schemaOf, sliceRows } from '@hemline/core';
import { openParquet, writeParquet, writeParquetFiles } from '../../src/index.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-files-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const ROWS = 10_000;
const table = new Batch({
  row: int32Column(Int32Array.from({ length: ROWS }, (_, row) => row)),
  noise: float64Column(Float64Array.from({ length: ROWS }, (_, row) => Math.sin(row * row))),
});

it('closes a file when it is large enough, and loses no row between files', async () => {
  const batches = [0, 1, 2, 3].map((quarter) => sliceRows(table, quarter * 2500, (quarter + 1) * 2500));
  const files = await writeParquetFiles(folder, batches, {
    targetBytes: 15_000,
    rowGroupRows: 1000,
    codec: 'none',
    stem: 'forecast',
  });
  expect(files.map(({ path }) => path.slice(folder.length + 1))).toEqual(
    files.map((_, i) => `forecast-0000${i}.parquet`),
  );
  expect(files.map(({ rows }) => rows)).toEqual([2000, 2000, 2000, 2000, 2000]);
  const rows: number[] = [];
  for (const { path, bytes } of files) {
    const file = await openParquet(path);
    expect(file.bytes).toBe(bytes);
    for await (const batch of file.batches({ columns: ['row'] }))
      rows.push(...(batch.column('row').values as Int32Array));
  }
  expect(rows).toEqual(Array.from({ length: ROWS }, (_, row) => row));
});

it('writes one file when there is little, or nothing', async () => {
  expect((await writeParquetFiles(join(folder, 'a'), [table])).length).toBe(1);
  const schema = schemaOf({ name: 'x', type: 'float64' });
  const [empty] = await writeParquetFiles(join(folder, 'b'), [], { schema });
  expect(empty!.rows).toBe(0);
  expect((await openParquet(empty!.path)).schema.fields.map(({ name }) => name)).toEqual(['x']);
});

it('keeps what was complete, and nothing of the file in the making, when the rows break off', async () => {
  const broken = (function* () {
    yield table;
    throw new Error('the model stumbled');
  })();
  const writing = writeParquetFiles(folder, broken, {
    targetBytes: 30_000,
    rowGroupRows: 1000,
    codec: 'none',
  });
  await expect(writing).rejects.toThrow('the model stumbled');
  const names = await readdir(folder);
  expect(names.length).toBe(2);
  for (const name of names) expect((await openParquet(join(folder, name))).rows).toBeGreaterThan(0);
});

it('declares how rows are sorted, and refuses names that are not there', async () => {
  const path = join(folder, 'sorted.parquet');
  await writeParquet(path, [table], { sortedBy: ['row'] });
  expect((await openParquet(path)).rows).toBe(ROWS);
  for (const options of [
    { sortedBy: ['none'] },
    { bloomFilters: ['none'] },
    { encodings: { none: 'plain' as const } },
  ])
    await expect(writeParquet(path, [table], options)).rejects.toThrow(ConfigurationError);
  await expect(writeParquet(path, [table], { encodings: { noise: 'delta' } })).rejects.toThrow(
    /cannot be encoded as asked for \(column noise\); expected plain or dictionary or byte-stream-split for float64, found delta/,
  );
});

it('writes the same bytes for the same rows', async () => {
  const one = await writeParquet(join(folder, 'one.parquet'), [table]);
  const halves = [sliceRows(table, 0, 3333), sliceRows(table, 3333, ROWS)];
  const two = await writeParquet(join(folder, 'two.parquet'), halves);
  expect(two.sha256).toBe(one.sha256);
});
