import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Batch, boolColumn, collect, dateColumn, float64Column, stringsToColumn } from '@hemline/core';
import { openDataset } from '../../src/datasets/open-dataset.ts';
import { openStore, writeParquetFile } from '@hemline/stores';
import { S3Server } from '@hemline/stores/testing';

const server = new S3Server();

function weekly(article: string): Batch {
  return new Batch({
    article_id: stringsToColumn([article, article]),
    week: dateColumn(Int32Array.of(20_000, 20_007)),
    demand: float64Column(Float64Array.of(1, 2)),
    discount: float64Column(Float64Array.of(0, 0.1)),
    black_price: float64Column(Float64Array.of(10, 10)),
    promoted: boolColumn(Uint8Array.of(0, 1)),
  });
}

const DESCRIPTOR = {
  name: 'shop',
  tables: { weekly: { columns: { article: 'article_id' }, futureCovariates: ['promoted'] } },
};

beforeAll(async () => {
  vi.stubEnv('AWS_ENDPOINT_URL_S3', await server.listen());
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'a');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'b');
  for (const market of ['DE', 'FR'])
    await writeParquetFile(`s3://bucket/shop/weekly/market=${market}/part-0.parquet`, [weekly(`${market}1`)]);
  const store = await openStore('s3://bucket/shop');
  await store.write('dataset.json', JSON.stringify(DESCRIPTOR));
  await store.write('weekly/_SUCCESS', '');
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await server.close();
});

it('reads a dataset from S3 as from a folder', async () => {
  const dataset = await openDataset('s3://bucket/shop/');
  expect(dataset.name).toBe('shop');
  expect(dataset.partitions.map(({ name }) => name)).toEqual(['market=DE', 'market=FR']);
  const rows = await collect(dataset.tables.get('weekly'), {
    columns: ['article', 'market', 'demand', 'promoted'],
  });
  expect(rows.length).toBe(4);
  const { dictionary, values } = rows.strings('market');
  expect(Array.from(values, (code) => dictionary[code])).toEqual(['DE', 'DE', 'FR', 'FR']);
  expect(await dataset.validate()).toBeDefined();
});

it('sees that an object of the same size was replaced', async () => {
  const before = (await openDataset('s3://bucket/shop')).fingerprint;
  expect((await openDataset('s3://bucket/shop')).fingerprint).toBe(before);
  await writeParquetFile('s3://bucket/shop/weekly/market=FR/part-0.parquet', [weekly('FR2')]);
  expect((await openDataset('s3://bucket/shop')).fingerprint).not.toBe(before);
});

it('says what is not there', async () => {
  await expect(openDataset('s3://bucket/nothing')).rejects.toThrow(
    /the dataset is empty.*s3:\/\/bucket\/nothing/,
  );
});
