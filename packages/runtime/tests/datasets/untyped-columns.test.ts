import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { SchemaElement } from 'hyparquet';
import { parquetWriteFile } from 'hyparquet-writer';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  Batch,
  collect,
  dateColumn,
  float64Column,
  parseWeek,
  stringsToColumn,
  valueAt,
} from '@hemline/core';
import { writeParquetFile } from '@hemline/stores';
import type { Dataset } from '../../src/datasets/dataset.ts';
import { openDataset } from '../../src/datasets/open-dataset.ts';

const FIRST = parseWeek('2026-01-05');
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-untyped-'));
  await weekly('DE');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function weekly(market: string): Promise<void> {
  const rows = new Batch({
    article: stringsToColumn(['A', 'A']),
    market: stringsToColumn([market, market]),
    week: dateColumn(Int32Array.of(FIRST, FIRST + 7)),
    demand: float64Column(Float64Array.of(1, 2)),
  });
  await writeParquetFile(join(folder, `weekly/${market}.parquet`), [rows]);
}

/** As pandas and polars write a column in which nothing is known: with no type. */
async function writeArticles(name: string, article: string, untyped: readonly string[]): Promise<void> {
  const filename = join(folder, name);
  await mkdir(dirname(filename), { recursive: true });
  const optional = { repetition_type: 'OPTIONAL' } as const;
  parquetWriteFile({
    filename,
    schema: [
      { name: 'root', num_children: 1 + untyped.length },
      { name: 'article', type: 'BYTE_ARRAY', converted_type: 'UTF8', ...optional },
      ...untyped.map((each): SchemaElement => ({
        name: each,
        type: 'INT32',
        logical_type: { type: 'NULL' },
        ...optional,
      })),
    ],
    columnData: [
      { name: 'article', data: [article] },
      ...untyped.map((each) => ({ name: each, data: [null] })),
    ],
  });
}

const NAMES = ['group', 'season_end_week', 'colour'];

async function articlesOf(dataset: Dataset): Promise<Record<string, unknown[]>> {
  const articles = await collect(dataset.tables.get('articles'));
  return Object.fromEntries(
    [...articles.columns].map(([name, column]) => [
      name,
      Array.from({ length: articles.length }, (_, row) => valueAt(column, row)),
    ]),
  );
}

it('a column in which nothing is known stands for a role of any type', async () => {
  await writeArticles('articles.parquet', 'A', ['group', 'season_end_week', 'launch_week']);
  const dataset = await openDataset(folder);
  await dataset.validate();
  const types = dataset.tables.get('articles').schema.fields.map(({ name, type }) => [name, type]);
  expect(types).toEqual([
    ['article', 'string'],
    ['group', 'string'],
    ['launchWeek', 'date'],
    ['seasonEndWeek', 'date'],
  ]);
  expect(await articlesOf(dataset)).toEqual({
    article: ['A'],
    group: [null],
    launchWeek: [null],
    seasonEndWeek: [null],
  });
});

async function writeTyped(name: string): Promise<void> {
  const typed = new Batch({
    article: stringsToColumn(['B']),
    group: stringsToColumn(['x']),
    season_end_week: dateColumn(Int32Array.of(FIRST)),
    colour: stringsToColumn(['red']),
  });
  await writeParquetFile(join(folder, name), [typed]);
}

it('is missing in one file of a table, and known in the one before', async () => {
  await writeTyped('articles/1.parquet');
  await writeArticles('articles/2.parquet', 'A', NAMES);
  expect(await articlesOf(await openDataset(folder))).toEqual({
    article: ['B', 'A'],
    group: ['x', null],
    seasonEndWeek: [FIRST, null],
    colour: ['red', null],
  });
});

it('is missing in the first file of a table, and known in the next', async () => {
  await writeArticles('articles/1.parquet', 'A', NAMES);
  await writeTyped('articles/2.parquet');
  expect(await articlesOf(await openDataset(folder))).toEqual({
    article: ['A', 'B'],
    group: [null, 'x'],
    seasonEndWeek: [null, FIRST],
    colour: [null, 'red'],
  });
});
