import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FileSource } from '../src/file-source.ts';
import { memorySource } from '../src/memory.ts';
import { readNestedRows } from '../src/read/nested-rows.ts';

let folder: string;
let connection: DuckDBConnection;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-nested-'));
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});
afterAll(async () => {
  connection.closeSync();
  await rm(folder, { recursive: true, force: true });
});

/** Rows of structs, maps and lists, every third one missing. */
async function write(options: string): Promise<string> {
  const file = join(folder, 'nested.parquet');
  await connection.run(
    `COPY (SELECT n, CASE WHEN n % 3 = 0 THEN NULL ELSE
       {path: 'part-' || n, size: n * 5000000000, parts: MAP {'k': n::VARCHAR, 'nothing': NULL}, tags: [n, n + 1]} END AS add
     FROM range(1000) rows(n)) TO '${file}' (FORMAT parquet, ${options})`,
  );
  return file;
}

it.each(['snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw', 'uncompressed'])(
  'structs, maps and lists are what %s holds, over row groups',
  async (codec) => {
    const source = await FileSource.open(await write(`COMPRESSION ${codec}, ROW_GROUP_SIZE 300`));
    const rows = await readNestedRows(source, ['add', 'remove']);
    await source.close();
    expect(rows).toEqual(
      Array.from({ length: 1000 }, (_, n) => ({
        add:
          n % 3 === 0
            ? undefined
            : {
                path: `part-${n}`,
                size: 5_000_000_000n * BigInt(n),
                parts: { k: String(n), nothing: null },
                tags: [BigInt(n), BigInt(n + 1)],
              },
      })),
    );
  },
);

it('a file that is damaged is told with its name', async () => {
  const bytes = await readFile(await write('COMPRESSION zstd'));
  await expect(readNestedRows(memorySource(bytes.subarray(0, 99), 'cut.parquet'), ['add'])).rejects.toThrow(
    /cut\.parquet/,
  );
  bytes.fill(0xff, 4, bytes.length - 4000);
  await expect(readNestedRows(memorySource(bytes, 'damaged.parquet'), ['add'])).rejects.toThrow(
    /nested columns cannot be read .*damaged\.parquet/,
  );
});
