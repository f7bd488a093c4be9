import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  Batch,
  collect,
  dateColumn,
  float64Column,
  int32Column,
  parseWeek,
  stringsToColumn,
  valueAt,
  type Column,
} from '@hemline/core';
import { writeParquetFile } from '@hemline/stores';
import { openDataset } from '../../src/datasets/open-dataset.ts';

const FIRST = parseWeek('2026-01-05');
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-article-filter-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Articles of a dataset that are read where some are asked for. */
async function read(article: Column, from: string, to: string): Promise<string[]> {
  const rows = new Batch({
    article,
    market: stringsToColumn(Array.from({ length: article.length }, () => 'DE')),
    week: dateColumn(new Int32Array(article.length).fill(FIRST)),
    demand: float64Column(new Float64Array(article.length)),
  });
  await writeParquetFile(join(folder, 'weekly.parquet'), [rows]);
  const weekly = (await openDataset(folder)).tables.get('weekly');
  const found = await collect(weekly, { columns: ['article', 'demand'], articles: { from, to } });
  return Array.from({ length: found.length }, (_, row) => valueAt(found.column('article'), row) as string);
}

it('reads the rows of the articles that are asked for alone', async () => {
  expect(await read(stringsToColumn(['A', 'B', 'C', 'BA', 'D']), 'B', 'C')).toEqual(['B', 'C', 'BA']);
});

it('reads all rows where articles are numbers, whose order is another', async () => {
  expect(await read(int32Column(Int32Array.of(9, 10, 11)), '10', '11')).toEqual(['9', '10', '11']);
});
