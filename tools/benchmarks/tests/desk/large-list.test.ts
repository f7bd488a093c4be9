import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { Batch, dateColumn, float64Column, parseWeek, stringsToColumn } from '@hemline/core';
import { writeParquetFile } from '@hemline/stores';
import { expect, it } from 'vitest';
import { deskQuery, listQuestions, listSql } from '../../src/desk/large-list.ts';

it('asks no question twice', () => {
  const asked = listQuestions().map((question) => JSON.stringify(deskQuery(question)));
  expect(new Set(asked).size).toBe(asked.length);
});

it('asks DuckDB for sums over weeks, and for discounts of the first', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hemline-list-'));
  try {
    const file = join(folder, 'recommendations.parquet');
    const numbers = (values: readonly number[]): ReturnType<typeof float64Column> =>
      float64Column(Float64Array.from(values));
    const first = parseWeek('2026-01-05');
    await writeParquetFile(file, [
      new Batch({
        article: stringsToColumn(['A1', 'A1', 'A2', 'A2', 'B1']),
        market: stringsToColumn(['DE', 'DE', 'DE', 'DE', 'AT']),
        week: dateColumn(Int32Array.from([first, first + 7, first, first + 7, first])),
        ...{ profit: numbers([3, 4, 9, 1, 50]), held_profit: numbers([1, 1, 1, 1, 1]) },
        ...{ discount: numbers([0.3, 0.5, 0.2, 0.6, 0.1]), held_discount: numbers([0.1, 0.1, 0.2, 0.2, 0]) },
        support: numbers([5, 5, 6, 6, 7]),
      }),
    ]);
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const ask = async (question: Parameters<typeof listSql>[0]): Promise<unknown[]> =>
      (await connection.runAndReadAll(listSql(question, file, '2026-01-05')))
        .getRows()
        .map(([article]) => article);
    expect(await ask({ by: 'gain', descending: true, markets: ['DE'], gain: { from: 5 } })).toEqual([
      'A2',
      'A1',
    ]);
    expect(await ask({ by: 'recommended', descending: false, text: 'a' })).toEqual(['A2', 'A1']);
    expect(await ask({ by: 'support', descending: true, change: { from: 0.1 } })).toEqual(['B1', 'A1']);
    connection.closeSync();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
