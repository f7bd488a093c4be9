import { mkdir, mkdtemp, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  Batch,
  collect,
  dateColumn,
  float64Column,
  formatWeek,
  stringsToColumn,
  valueAt,
} from '@hemline/core';
import { openStore, writeParquetFile } from '@hemline/stores';
import { S3Server } from '@hemline/stores/testing';
import { readDeltaLog } from '../../src/datasets/delta-log.ts';
import { openDataset } from '../../src/datasets/open-dataset.ts';
import { tableFiles } from '../../src/datasets/table-files.ts';

const GOLDEN = join(import.meta.dirname, 'golden', 'delta');

describe('logs that others wrote', () => {
  let connection: DuckDBConnection;
  beforeAll(async () => {
    connection = await (await DuckDBInstance.create(':memory:')).connect();
  });
  afterAll(() => connection.closeSync());

  /** The latest action of every path, as SQL: from the latest checkpoint on. */
  async function validBySql(table: string): Promise<unknown[]> {
    const log = join(GOLDEN, table, '_delta_log');
    const names = await readdir(log);
    const last = names.filter((name) => name.endsWith('.checkpoint.parquet')).at(-1);
    const from = Number(last?.slice(0, 20) ?? -1);
    const checkpoint =
      last === undefined
        ? ''
        : `UNION ALL SELECT ${from}, add.path, true FROM read_parquet('${join(log, last)}') WHERE add IS NOT NULL`;
    const reader = await connection.runAndReadAll(
      `WITH commits AS (
         SELECT CAST(regexp_extract(filename, '(\\d{20})\\.json', 1) AS BIGINT) AS version, add, remove
         FROM read_json('${log}/*.json', format = 'newline_delimited', filename = true,
           columns = {add: 'STRUCT(path VARCHAR)', remove: 'STRUCT(path VARCHAR)'})
       ), actions(version, path, valid) AS (
         SELECT version, coalesce(add.path, remove.path), add IS NOT NULL FROM commits
         WHERE (add IS NOT NULL OR remove IS NOT NULL) AND version > ${from} ${checkpoint}
       )
       SELECT url_decode(path) FROM actions GROUP BY path HAVING arg_max(valid, version) ORDER BY 1`,
    );
    return reader.getRows().map(([path]) => path);
  }

  it.each([
    ['delta-0.8.0', 2],
    ['delta-0.8.0-special-partition', 2],
    ['delta-0.8.0-null-partition', 2],
    ['simple_table', 5],
    ['simple_table_with_checkpoint', 11],
    ['python-0.25.5-checkpoint', 2],
    ['with_checkpoint_no_last_checkpoint', 1],
  ])('%s: %d files are valid, those of SQL over the log', async (table, count) => {
    const files = (await readDeltaLog(join(GOLDEN, table)))!;
    expect(files.map(({ key }) => key)).toEqual(await validBySql(table));
    expect(files).toHaveLength(count);
  });

  it.each(['delta-0.8.0', 'simple_table_with_checkpoint', 'python-0.25.5-checkpoint'])(
    '%s: the files are there, and others are named',
    async (table) => {
      const { files, passedOver } = await tableFiles(join(GOLDEN, table));
      const all = (await readdir(join(GOLDEN, table))).filter((name) => name.endsWith('.parquet'));
      expect([...files, ...passedOver].map(({ name }) => name).sort()).toEqual(all.sort());
      for (const file of files) expect(file.bytes).toBe((await stat(file.path)).size);
    },
  );

  it('name partitions by their values, encoded or missing', async () => {
    const special = await readDeltaLog(join(GOLDEN, 'delta-0.8.0-special-partition'));
    expect(special!.map(({ keys }) => keys)).toEqual([{ x: 'A/A' }, { x: 'B B' }]);
    const missing = await readDeltaLog(join(GOLDEN, 'delta-0.8.0-null-partition'));
    expect(missing!.map(({ keys }) => keys)).toEqual([{ k: 'A' }, { k: '__HIVE_DEFAULT_PARTITION__' }]);
    const { files } = await tableFiles(join(GOLDEN, 'delta-0.8.0-special-partition'));
    expect(files.map(({ name }) => name.split('/')[0])).toEqual(['x=A%2FA', 'x=B%20B']);
  });

  it.each([
    ['table-with-dv-small', /what is not read .*found deletion vectors/],
    ['table_with_column_mapping', /what is not read .*found column mapping by name/],
    ['checkpoint-v2-table', /what is not read .*found checkpoints of the second kind/],
  ])('%s is refused by name', async (table, message) => {
    await expect(readDeltaLog(join(GOLDEN, table))).rejects.toThrow(message);
  });
});

/** A file of one market: rows of an article for the weeks given. */
function weekly(article: string, weeks: readonly number[], demand: number): Batch {
  return new Batch({
    article: stringsToColumn(weeks.map(() => article)),
    week: dateColumn(Int32Array.from(weeks, (n) => 19_723 + 7 * n)),
    demand: float64Column(Float64Array.from(weeks, () => demand)),
    discount: float64Column(new Float64Array(weeks.length)),
  });
}

/** Writes a table at any address, version by version. */
class DeltaWriter {
  readonly table: string;
  #version = 0;

  constructor(table: string) {
    this.table = table;
  }

  async begin(protocol: object = { minReaderVersion: 1, minWriterVersion: 2 }): Promise<void> {
    await this.commit([
      { protocol },
      { metaData: { id: 'a', partitionColumns: ['market'], configuration: {} } },
    ]);
  }

  /** Writes a file of a market, and gives the action that adds it. */
  async add(market: string, name: string, rows: Batch, change: object = {}): Promise<object> {
    const path = `market=${encodeURIComponent(market)}/${name}.parquet`;
    const { bytes } = await writeParquetFile(`${this.table}/${path}`, [rows]);
    const uri = path.replaceAll('%', '%25').replaceAll(' ', '%20');
    return { add: { path: uri, partitionValues: { market }, size: bytes, dataChange: true, ...change } };
  }

  remove(action: object): object {
    return { remove: { path: (action as { add: { path: string } }).add.path, dataChange: true } };
  }

  async commit(actions: readonly object[]): Promise<void> {
    const name = `${String(this.#version++).padStart(20, '0')}.json`;
    const store = await openStore(this.table);
    await store.write(
      `_delta_log/${name}`,
      [{ commitInfo: {} }, ...actions].map((action) => JSON.stringify(action)).join('\n'),
    );
  }
}

async function rowsOf(directory: string): Promise<string[]> {
  const dataset = await openDataset(directory);
  await dataset.validate();
  const batch = await collect(dataset.tables.get('weekly'));
  const text = (row: number): string =>
    ['market', 'article', 'week', 'demand']
      .map((name) => {
        const value = valueAt(batch.column(name), row);
        return name === 'week' ? formatWeek(value as number) : String(value);
      })
      .join(' ');
  return Array.from({ length: batch.length }, (_, row) => text(row)).sort();
}

/** A table that was written to, corrected, and put together: `Nord/Süd` twice, `west` once. */
async function writeShop(table: string): Promise<DeltaWriter> {
  const writer = new DeltaWriter(table);
  await writer.begin();
  const first = await writer.add('Nord/Süd', 'a', weekly('A', [0], 1));
  const second = await writer.add('Nord/Süd', 'b', weekly('A', [1], 2));
  await writer.commit([first, second, await writer.add('west', 'c', weekly('B', [0], 3))]);
  // Rows anew, and two files put together: whoever reads all files reads these weeks twice.
  const whole = await writer.add('Nord/Süd', 'd', weekly('A', [0, 1], 7));
  await writer.commit([writer.remove(first), writer.remove(second), whole]);
  return writer;
}

const SHOP = ['Nord/Süd A 2024-01-01 7', 'Nord/Süd A 2024-01-08 7', 'west B 2024-01-01 3'];

describe('a dataset whose tables are those of Delta Lake', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hemline-delta-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('has the rows of the latest version, and names the files that are no part of it', async () => {
    await writeShop(join(folder, 'weekly'));
    expect(await rowsOf(folder)).toEqual(SHOP);
    const dataset = await openDataset(folder);
    expect(dataset.partitions.map(({ name }) => name)).toEqual(['market=Nord%2FS%C3%BCd', 'market=west']);
    expect(dataset.passedOver.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
      'market=Nord%2FS%C3%BCd/a.parquet: not valid by the log of Delta Lake',
      'market=Nord%2FS%C3%BCd/b.parquet: not valid by the log of Delta Lake',
    ]);
  });

  it('changes with its log alone', async () => {
    const writer = await writeShop(join(folder, 'weekly'));
    const before = (await openDataset(folder)).fingerprint;
    expect((await openDataset(folder)).fingerprint).toBe(before);
    await writer.commit([{ remove: { path: 'market=west/c.parquet' } }]);
    expect((await openDataset(folder)).fingerprint).not.toBe(before);
    expect(await rowsOf(folder)).toEqual(SHOP.slice(0, 2));
  });

  it('is read from S3 alike', async () => {
    const server = new S3Server();
    vi.stubEnv('AWS_ENDPOINT_URL_S3', await server.listen());
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'a');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'b');
    try {
      await writeShop('s3://bucket/shop/weekly');
      expect(await rowsOf('s3://bucket/shop')).toEqual(SHOP);
    } finally {
      vi.unstubAllEnvs();
      await server.close();
    }
  });

  it.each([
    ['deletion vectors', { deletionVector: { storageType: 'u', pathOrInlineDv: 'x', offset: 1 } }],
    ['files outside of its folder', { path: 's3://elsewhere/part.parquet' }],
    ['files outside of its folder', { path: '/elsewhere/part.parquet' }],
    ['files that do not lie in folders of their partition', { path: 'Ab/part.parquet' }],
  ])('is refused with %s', async (what, change) => {
    const writer = new DeltaWriter(join(folder, 'weekly'));
    await writer.begin();
    await writer.commit([await writer.add('west', 'a', weekly('A', [0], 1), change)]);
    await expect(openDataset(folder)).rejects.toThrow(
      new RegExp(`what is not read .*found ${what}\\..*Spark`),
    );
  });

  it.each([
    ['typeWidening', { minReaderVersion: 3, readerFeatures: ['timestampNtz', 'typeWidening'] }],
    ['reader version 4', { minReaderVersion: 4 }],
  ])('is refused where its files need %s', async (what, protocol) => {
    await new DeltaWriter(join(folder, 'weekly')).begin(protocol);
    await expect(openDataset(folder)).rejects.toThrow(new RegExp(`what is not read .*found ${what}\\.`));
  });

  it('may declare features that it makes no use of', async () => {
    const writer = new DeltaWriter(join(folder, 'weekly'));
    await writer.begin({ minReaderVersion: 3, readerFeatures: ['deletionVectors', 'columnMapping'] });
    await writer.commit([await writer.add('west', 'c', weekly('B', [0], 3))]);
    expect(await rowsOf(folder)).toEqual(SHOP.slice(2));
  });

  it('is refused where its log has a gap, a line that is no action, or names what is not there', async () => {
    const table = join(folder, 'weekly');
    const log = join(table, '_delta_log');
    await writeShop(table);
    await truncate(join(table, 'market=west', 'c.parquet'), 40);
    await expect(openDataset(folder)).rejects.toThrow(/not as the log .*c\.parquet.*found 40 bytes/);
    await rm(join(table, 'market=west', 'c.parquet'));
    await expect(openDataset(folder)).rejects.toThrow(/not as the log .*c\.parquet.*found none/);
    await writeFile(join(log, '00000000000000000001.json'), '{"add": {"path": "x"\n');
    await expect(openDataset(folder)).rejects.toThrow(/cannot be read .*0001\.json, row 0/);
    await rm(join(log, '00000000000000000001.json'));
    await expect(openDataset(folder)).rejects.toThrow(
      /is not whole .*expected version 1: 00000000000000000001\.json.*up to 2 without it/,
    );
    await rm(log, { recursive: true });
    await mkdir(log);
    await writeFile(join(log, '_last_checkpoint'), '{}');
    await expect(openDataset(folder)).rejects.toThrow(/is not whole .*found _last_checkpoint/);
  });
});
