import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Batch,
  collect,
  dateColumn,
  float64Column,
  formatWeek,
  int64Column,
  parseWeek,
  stringsToColumn,
  takeRows,
} from '@hemline/core';
import { openParquet } from '@hemline/parquet';
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

  it.each([
    { why: 'leading zeros', markets: ['01', '02', '1'] },
    { why: 'numbers, and one that is none', markets: ['1', '2', 'DE'] },
    { why: 'what DuckDB takes for missing', markets: ['DE', 'NULL', 'null'] },
    { why: 'a sign and a space', markets: ['-0', ' 7'] },
    { why: 'dates', markets: ['2024-1-5', '2024-01-05'] },
  ])('keeps keys of folders as they are written: $why', async ({ why, markets }) => {
    const rows = weekly().select(['sku', 'demand', 'week']);
    const some = (from: number): Batch =>
      takeRows(
        rows,
        Uint32Array.from({ length: 120 }, (_, i) => from + i),
      );
    // Folders by market and week; the week is in the folder's name alone, as is a key that is no role.
    const first = FIRST + 7 * 20;
    const directory = await dataset(why, async (to) => {
      for (const market of markets)
        for (const [half, season] of ['01', 'NULL'].entries()) {
          const week = formatWeek(first + 7 * half);
          const one = some(120 * half);
          await writeParquetFile(
            join(to, `facts/shop's=${encodeURIComponent(market)}/season=${season}/week=${week}/part.parquet`),
            [
              takeRows(
                one,
                Uint32Array.from({ length: 6 }, (_, i) => 2 * i),
              ).select(['sku', 'demand']),
            ],
          );
        }
    });
    const out = join(folder, `${why} sorted`);
    const summary = await repartition(directory, out);
    expect(summary).toMatchObject({ rows: 12 * markets.length, partitions: markets.length });
    const after = await openDataset(summary.directory);
    await after.validate();
    const found = await collect(after.tables.get('weekly'));
    const names = found.strings('market');
    expect(new Set(Array.from(names.values, (code) => names.dictionary[code]))).toEqual(new Set(markets));
    expect(new Set(found.weeks('week'))).toEqual(new Set([first, first + 7]));
    const file = await openParquet(
      join(out, `weekly/shop's=${encodeURIComponent(markets[0]!)}/part-00000.parquet`),
    );
    const [part] = await Array.fromAsync(file.batches());
    const seasons = part!.strings('season');
    expect(new Set(Array.from(seasons.values, (code) => seasons.dictionary[code]))).toEqual(
      new Set(['01', 'NULL']),
    );
  });

  it('takes a column of the files before a key of its name', async () => {
    const directory = await dataset('both', (to) =>
      writeParquetFile(join(to, "facts/shop's=99/week=2025-01-06/part.parquet"), [weekly()]),
    );
    const summary = await repartition(directory, join(folder, 'both sorted'));
    const after = await openDataset(summary.directory);
    expect(after.partitions.map(({ name }) => name)).toEqual(["shop's=A%2FT", "shop's=DE"]);
    expect(new Set((await collect(after.tables.get('weekly'))).weeks('week')).size).toBe(20);
  });

  it('says which folder is no week, or has other keys', async () => {
    const rows = weekly();
    const wrong = await dataset('wrong week', (to) =>
      writeParquetFile(join(to, 'facts/week=2025-W02/part.parquet'), [
        rows.select(['sku', "shop's", 'demand']),
      ]),
    );
    await expect(repartition(wrong, join(folder, 'never'))).rejects.toThrow(
      /folder's name cannot stand for its role .*column week.*a date such as .*found 2025-W02/,
    );
    const mixed = await dataset('mixed keys', async (to) => {
      await writeParquetFile(join(to, 'facts/season=1/part.parquet'), [rows]);
      await writeParquetFile(join(to, 'facts/part.parquet'), [rows]);
    });
    await expect(repartition(mixed, join(folder, 'never'))).rejects.toThrow(/folders of different keys/);
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
