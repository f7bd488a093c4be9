import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Batch, collect, dateColumn, float64Column, parseWeek, stringsToColumn } from '@hemline/core';
import { openDataset } from '../../src/datasets/open-dataset.ts';
import { writeParquetFile } from '@hemline/stores';

const folder = await mkdtemp(join(tmpdir(), 'hemline-partition-tables-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const WEEK = parseWeek('2026-01-05');

/** A file with one row of an article. */
async function write(path: string, article: string, columns: (rows: Batch) => Batch): Promise<void> {
  await mkdir(join(folder, path), { recursive: true });
  await writeParquetFile(join(folder, path, 'part.parquet'), [
    columns(new Batch({ article: stringsToColumn([article]) })),
  ]);
}

it('gives a partition the files of other tables that are partitioned alike, and all of those that are not', async () => {
  for (const market of ['DE', 'FR']) {
    await write(`weekly/market=${market}`, `of ${market}`, (rows) =>
      rows.with({ week: dateColumn(Int32Array.of(WEEK)), demand: float64Column(Float64Array.of(1)) }),
    );
    await write(`returns/market=${market}`, `of ${market}`, (rows) =>
      rows.with({
        sale_week: dateColumn(Int32Array.of(WEEK)),
        return_week: dateColumn(Int32Array.of(WEEK)),
        units: float64Column(Float64Array.of(1)),
      }),
    );
  }
  await write('articles', 'of DE', (rows) => rows.with({ group: stringsToColumn(['shirt']) }));
  const dataset = await openDataset(folder);
  const articlesOf = async (name: 'returns' | 'articles', partition: number): Promise<string[]> => {
    const { values, dictionary } = (
      await collect(dataset.tableOf(dataset.partitions[partition]!, name), { columns: ['article'] })
    ).strings('article');
    return Array.from(values, (code) => dictionary[code]!);
  };
  expect(await articlesOf('returns', 0)).toEqual(['of DE']);
  expect(await articlesOf('returns', 1)).toEqual(['of FR']);
  expect(await articlesOf('articles', 1)).toEqual(['of DE']);
});
