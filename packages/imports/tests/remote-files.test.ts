import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStore } from '@hemline/stores';
import { S3Server } from '@hemline/stores/testing';
import { guessMap, importDataset, parseMap, type ImportSummary } from '../src/index.ts';
import { query, validRows } from './support/dataset-rows.ts';

const columns = { article: 'sku', market: 'shop', date: 'day', units: 'qty', price: 'price' };
const HEADER = 'sku,shop,qty,price\n';
const server = new S3Server();
let folder: string;

beforeAll(async () => {
  vi.stubEnv('AWS_ENDPOINT_URL_S3', await server.listen());
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'a');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'b');
  const store = await openStore('s3://exports/shop');
  await store.write('sales/day=2024-03-04/a.csv', `${HEADER}A,north,1,9.5\n`);
  await store.write('sales/day=2024-03-11/a.csv.gz', gzipSync(`${HEADER}A,north,2,9.5\nB,north,1,4\n`));
  await store.write('sales/_SUCCESS', '');
  await store.write('prices.csv', 'sku,list_price,valid_from\nA,10,2024-01-01\nB,5,2024-01-01\n');
  await store.write('bad/day=2024-03-11/b.csv', `${HEADER}"A\nB",north,1,2\nA,north,two,2\n`);
  await store.write('empty/_SUCCESS', '');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.close();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-remote-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const imported = (source: string, map: object = {}, more: object = {}): Promise<ImportSummary> =>
  importDataset({ source, map: parseMap({ sales: { columns }, ...map }), out: join(folder, 'out'), ...more });

const demand = async (): Promise<string[]> =>
  (await validRows(join(folder, 'out'), 'weekly')).map((row) =>
    [row['article'], row['week'], row['demand'], row['black_price']].join(' '),
  );

describe('files in S3', () => {
  it.each(['s3://exports/shop/sales', 's3://exports/shop/sales/', 's3://exports/shop/sales/*/a.csv*'])(
    'are read as those of a folder: %s',
    async (source) => {
      const fetched = new Set<string>();
      const onProgress = ({ phase }: { phase: string }): unknown => fetched.add(phase);
      const summary = await imported(source, {}, { onProgress });
      expect([summary.files, summary.lines.read]).toEqual([2, 3]);
      expect(await demand()).toEqual(['A 2024-03-04 1 9.5', 'A 2024-03-11 2 9.5', 'B 2024-03-11 1 4']);
      expect(fetched).toContain('fetching a.csv');
      expect(await readdir(folder)).toEqual(['out']);
    },
  );

  it('are named by the map below the source, or by their own address', async () => {
    const prices = { columns: { article: 'sku', price: 'list_price', validFrom: 'valid_from' } };
    await imported('s3://exports/shop', {
      sales: { files: 'sales/day=2024-03-11', columns },
      prices: { ...prices, files: 'prices.csv' },
    });
    expect(await demand()).toEqual(['A 2024-03-11 2 10', 'B 2024-03-11 1 5']);
    await rm(join(folder, 'out'), { recursive: true });
    await writeFile(join(folder, 'sales.csv'), 'sku,shop,day,qty,price\nA,west,2024-03-04,1,8\n');
    await imported(join(folder, 'sales.csv'), {
      sales: { files: 'sales.csv', columns },
      prices: { ...prices, files: 's3://exports/shop/prices.csv' },
    });
    expect(await demand()).toEqual(['A 2024-03-04 1 10']);
  });

  it('are told by their address where something is wrong', async () => {
    await expect(imported('s3://exports/shop/bad')).rejects.toThrow(
      /\(file s3:\/\/exports\/shop\/bad\/day=2024-03-11\/b\.csv, line 4, column qty, row 1\).*found "two"/,
    );
    await expect(imported('s3://exports/shop/empty')).rejects.toThrow(/no file to import .*shop\/empty/);
    await expect(imported('s3://exports/shop/nothing*')).rejects.toThrow(/no file to import/);
    await expect(
      imported('s3://exports/shop/bad', { sales: { columns: { ...columns, price: 'prize' } } }),
    ).rejects.toThrow(/file s3:\/\/exports\/shop\/bad\/.*column prize/);
    expect(await readdir(folder)).toEqual([]);
    const rejects = join(folder, 'rejects.csv');
    await imported('s3://exports/shop/bad', { badValues: 'leaveOut' }, { rejects });
    expect(await query(`SELECT of_file, of_line FROM '${rejects}'`)).toEqual([
      { of_file: 's3://exports/shop/bad/day=2024-03-11/b.csv', of_line: '4' },
    ]);
  });

  it('are proposed a map for, with their names below the source', async () => {
    const { map } = await guessMap('s3://exports/shop/sales/*/a.csv');
    expect(map.sales.columns).toMatchObject({ article: 'sku', date: 'day', units: 'qty' });
    const whole = await guessMap('s3://exports/shop/{sales/*/a.csv,prices.csv}');
    expect([whole.map.sales.files, whole.map.prices?.files]).toEqual([
      'sales/day=2024-03-04/a.csv',
      'prices.csv',
    ]);
  });
});

describe('a table of Delta Lake', () => {
  /** Two files of which one took the place of the other. */
  async function write(table: string): Promise<void> {
    const names = ['day=2024-03-04/old.parquet', 'day=2024-03-04/new.parquet'];
    for (const [i, name] of names.entries()) {
      const file = join(folder, 'part.parquet');
      await query(
        `COPY (SELECT 'A' AS sku, 'north' AS shop, ${i + 1} AS qty, 9.5 AS price) TO '${file}' (FORMAT parquet)`,
      );
      await (await openStore(table)).write(name, await readFile(file));
      await rm(file);
    }
    const store = await openStore(table);
    const size = (await store.stat(names[1]!))!.bytes;
    const add = (path: string): object => ({ add: { path, size, partitionValues: { day: '2024-03-04' } } });
    const lines = [
      { protocol: { minReaderVersion: 1 } },
      { metaData: { partitionColumns: ['day'] } },
      add(names[0]!),
    ];
    const text = (actions: readonly object[]): string =>
      actions.map((action) => JSON.stringify(action)).join('\n');
    await store.write('_delta_log/00000000000000000000.json', text(lines));
    await store.write(
      '_delta_log/00000000000000000001.json',
      text([{ remove: { path: names[0]! } }, add(names[1]!)]),
    );
  }

  it.each(['a folder', 'S3', 'a bucket'])('has the lines of its latest version, in %s', async (where) => {
    const table = { S3: 's3://lake/sales', 'a bucket': 's3://sales' }[where] ?? join(folder, 'lake', 'sales');
    await write(table);
    for (const source of new Set([table, `${table}/*/*.parquet`, table.replace(/([^/])\/sales$/, '$1')])) {
      const summary = await imported(source);
      expect(summary.lines.used, source).toEqual({ lines: 1, units: 2 });
      expect(summary.passedOver.filter((path) => path.endsWith('old.parquet'))).toHaveLength(1);
      await rm(join(folder, 'out'), { recursive: true });
    }
  });

  it.each([
    ['metadata', 'v1.metadata.json', 'Apache Iceberg'],
    ['.hoodie', 'hoodie.properties', 'Apache Hudi'],
  ])('is refused where its log is another: %s', async (log, file, format) => {
    const table = join(folder, 'lake', 'sales');
    const store = await openStore(table);
    await query(`COPY (SELECT 'A' AS sku) TO '${join(folder, 'part.parquet')}' (FORMAT parquet)`);
    await store.write('data/part.parquet', await readFile(join(folder, 'part.parquet')));
    await store.write(`${log}/${file}`, '{}');
    await expect(imported(table)).rejects.toThrow(new RegExp(`transaction log .*${format}`));
  });
});
