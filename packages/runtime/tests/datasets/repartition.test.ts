import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Batch,
  collect,
  dateColumn,
  float64Column,
  int64Column,
  parseWeek,
  stringsToColumn,
  takeRows,
} from '@hemline/core';
import { openDataset } from '../../src/datasets/open-dataset.ts';
import { repartition } from '../../src/datasets/repartition.ts';
import { writeParquetFile } from '@hemline/stores';

const FIRST = parseWeek('2025-01-06');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-repartition-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Twelve series of twenty weeks; the owner calls markets `shop's`. */
function weekly(): Batch {
  const rows = Array.from({ length: 240 }, (_, row) => ({ series: row % 12, week: Math.floor(row / 12) }));
  return new Batch({
    sku: int64Column(BigInt64Array.from(rows, ({ series }) => BigInt(series >> 1) * 1_000_000_007n)),
    "shop's": stringsToColumn(rows.map(({ series }) => (series % 2 === 0 ? 'DE' : 'A/T'))),
    week: dateColumn(Int32Array.from(rows, ({ week }) => FIRST + 7 * week)),
    demand: float64Column(Float64Array.from(rows, (_, row) => row)),
  });
}

async function dataset(name: string, write: (directory: string) => Promise<unknown>): Promise<string> {
  const directory = join(folder, name);
  const columns = { article: 'sku', market: "shop's" };
  await write(directory);
  await writeFile(
    join(directory, 'dataset.json'),
    JSON.stringify({ name, tables: { weekly: { columns, path: 'facts' } } }),
  );
  return directory;
}

describe('repartitioning', () => {
  it('sorts rows into partitions of whole series, and keeps every one of them', async () => {
    const rows = weekly();
    const directory = await dataset('flat', async (to) => {
      // A file for some weeks each: every series is in all of them.
      for (let part = 0; part < 3; part++) {
        const some = Uint32Array.from({ length: 80 }, (_, i) => 80 * part + i);
        await writeParquetFile(join(to, `facts/part-${part}.parquet`), [takeRows(rows, some)]);
      }
    });
    const before = await openDataset(directory);
    await expect(before.validate()).rejects.toThrow(/partition/);
    const summary = await repartition(directory, join(folder, 'sorted'), { buckets: 2 });
    expect(summary).toEqual({ directory: join(folder, 'sorted'), rows: 240, partitions: 4 });
    const after = await openDataset(summary.directory);
    expect((await after.validate()).rows).toMatchObject({ weekly: 240 });
    expect(after.partitions.map(({ name }) => name)).toContain("shop's=A%2FT/bucket=0");
    const found = await collect(after.tables.get('weekly'));
    expect(found.floats('demand').toSorted()).toEqual(rows.floats('demand').toSorted());
    const one = await collect(after.partitions[0]!.weekly);
    const key = Array.from(
      { length: one.length },
      (_, row) => `${one.strings('article').values[row]} ${one.weeks('week')[row]}`,
    );
    expect(new Set(key).size).toBe(one.length);
  });

  it('leaves nothing behind when it fails', async () => {
    const rows = weekly();
    const directory = await dataset('torn', async (to) => {
      const market = { ...rows.column("shop's"), validity: new Uint8Array(30).fill(0xfe) };
      await writeParquetFile(join(to, 'facts/part.parquet'), [rows.with({ "shop's": market as never })]);
    });
    await expect(repartition(directory, join(folder, 'never'))).rejects.toThrow(/have no market/);
    await expect(repartition(directory, folder)).rejects.toThrow(/there already/);
    expect((await readdir(folder)).filter((name) => name.includes('never'))).toEqual([]);
  });
});
