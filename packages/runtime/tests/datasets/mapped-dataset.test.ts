import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Batch, dateColumn, int32Column, parseWeek, stringsToColumn, type Column } from '@hemline/core';
import { writeParquetFile } from '@hemline/stores';
import { openDataset } from '../../src/datasets/open-dataset.ts';

const FIRST = parseWeek('2026-01-05');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-dataset-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const weeks = (...offsets: number[]): Column => dateColumn(Int32Array.from(offsets, (n) => FIRST + 7 * n));

describe('a dataset', () => {
  it('takes undeclared hive keys of attribute tables as attributes', async () => {
    await writeParquetFile(join(folder, 'articles', 'region=EU', 'a.parquet'), [
      new Batch({ article: stringsToColumn(['A']) }),
    ]);
    const dataset = await openDataset(folder);
    await dataset.validate();
    for await (const batch of dataset.tables.get('articles').batches())
      expect(batch.strings('region').dictionary).toEqual(['EU']);
  });

  it('maps columns to roles and converts types without loss', async () => {
    const owner = new Batch({
      sku: { type: 'int64', length: 2, values: BigInt64Array.of(9007199254740993n, 7n), validity: null },
      land: stringsToColumn(['DE', 'DE']),
      wk: {
        type: 'timestamp',
        unit: 'us',
        length: 2,
        values: BigInt64Array.of(BigInt(FIRST) * 86_400_000_000n, BigInt(FIRST) * 86_400_000_000n),
        validity: null,
      },
      units: int32Column(Int32Array.of(3, 4)),
      promo: int32Column(Int32Array.of(0, 1)),
    });
    await writeParquetFile(join(folder, 'rows.parquet'), [owner]);
    const columns = { article: 'sku', market: 'land', week: 'wk', demand: 'units', sales: 'units' };
    const descriptor = {
      name: 'mapped',
      tables: { weekly: { path: 'rows.parquet', columns, futureCovariates: ['promo'] } },
    };
    await writeFile(join(folder, 'elsewhere.json'), JSON.stringify(descriptor));
    const dataset = await openDataset(folder, { descriptor: join(folder, 'elsewhere.json') });
    await dataset.validate();
    const { fields } = dataset.tables.get('weekly').schema;
    expect(fields.map(({ name, type }) => `${name}:${type}`)).toEqual([
      'article:string',
      'market:string',
      'week:date',
      'demand:float64',
      'sales:float64',
      'promo:float64',
    ]);
    expect(fields.filter((field) => field.knownAhead).map((field) => field.name)).toEqual(['promo']);
    for await (const batch of dataset.tables.get('weekly').batches()) {
      expect(batch.strings('article').dictionary).toEqual(['9007199254740993', '7']);
      expect([...batch.weeks('week')]).toEqual([FIRST, FIRST]);
      expect([...batch.floats('sales')]).toEqual([3, 4]);
    }
  });

  it('is partitioned by hive folders, whose keys are columns, and changes its fingerprint with its files', async () => {
    const columns = {
      article: stringsToColumn(['A', 'A', 'A', 'A', 'B', 'B', 'B', 'B']),
      week: weeks(0, 1, 2, 3, 0, 1, 2, 3),
      demand: int32Column(Int32Array.of(3, 1, 4, 1, 5, 9, 2, 6)),
    };
    for (const name of ['DE', 'AT', 'C%20H'])
      await writeParquetFile(join(folder, 'weekly', `market=${name}`, 'part-0.parquet'), [
        new Batch(columns),
      ]);
    await writeFile(join(folder, 'weekly', '_SUCCESS'), '');
    const dataset = await openDataset(folder);
    await dataset.validate();
    expect(dataset.partitions.map((partition) => partition.name)).toEqual([
      'market=AT',
      'market=C%20H',
      'market=DE',
    ]);
    const markets: string[] = [];
    for await (const batch of dataset.tables.get('weekly').batches({ columns: ['market'] }))
      markets.push(...batch.strings('market').dictionary);
    expect(markets).toEqual(['AT', 'C H', 'DE']);
    await writeParquetFile(join(folder, 'weekly', 'market=DE', 'part-1.parquet'), [
      new Batch({ ...columns, week: weeks(4, 5, 6, 7, 4, 5, 6, 7) }),
    ]);
    const grown = await openDataset(folder);
    expect(grown.fingerprint).not.toBe(dataset.fingerprint);
    expect((await openDataset(folder)).fingerprint).toBe(grown.fingerprint);
    expect(grown.partitions.map((partition) => partition.files.length)).toEqual([1, 1, 2]);
  });
});
