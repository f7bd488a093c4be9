import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Batch, emptyBatch, type Column } from '@hemline/core';
import { openParquet } from '../src/open-parquet.ts';
import { writeFileOf } from './write-file.ts';
import type { ParquetReadOptions } from '../src/parquet-file.ts';
import { COLUMN_NAMES, all, anyRow, batchOf, cells } from '../src/testing/columns.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-parquet-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(path: string, options?: ParquetReadOptions): Promise<Batch[]> {
  const file = await openParquet(path);
  return all(file.batches(options));
}

function joined(batches: readonly Batch[], name: string): unknown[] {
  return batches.flatMap((batch) => cells(batch.column(name)));
}

describe('writeParquet and openParquet', () => {
  it('give back every value of every type, whatever the batches and row groups', async () => {
    const path = join(folder, 'any.parquet');
    const codec = fc.constantFrom('zstd', 'snappy', 'none');
    const property = fc.asyncProperty(
      fc.array(fc.array(anyRow, { maxLength: 20 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 25 }),
      codec,
      async (parts, rowGroupRows, used) => {
        const rows = parts.flat();
        const written = await writeFileOf(path, parts.map(batchOf), { rowGroupRows, codec: used });
        expect(written.rows).toBe(rows.length);
        const file = await openParquet(path);
        expect(file.rows).toBe(rows.length);
        expect(file.rowGroups.map((group) => group.rows).filter((n) => n > rowGroupRows)).toEqual([]);
        const batches = await all(file.batches());
        const expected = batchOf(rows);
        for (const name of COLUMN_NAMES) {
          // `toEqual` tells −0 from 0 and takes NaN for itself.
          expect(joined(batches, name), name).toEqual(cells(expected.column(name)));
          for (const batch of batches) {
            const [column, original] = [batch.column(name), expected.column(name)] as [Column, Column];
            expect(column.type).toBe(original.type);
            if (column.type === 'timestamp') expect(column).toMatchObject({ unit: name });
          }
        }
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  it('keep null, empty text and the text of an unused dictionary entry apart', async () => {
    const path = join(folder, 'text.parquet');
    const values = Int32Array.of(2, 0, 2, 0);
    const column = {
      type: 'string',
      length: 4,
      values,
      dictionary: ['', 'never', 'x'],
      validity: Uint8Array.of(0b0111),
    } as const;
    await writeFileOf(path, [new Batch({ text: column })]);
    const [batch] = await read(path);
    expect(cells(batch!.column('text'))).toEqual(['x', '', 'x', null]);
    expect([...batch!.strings('text').dictionary].sort()).toEqual(['', 'x']);
  });

  it('read chosen columns and row groups only, in the order wanted', async () => {
    const path = join(folder, 'groups.parquet');
    const rows = fc.sample(anyRow, { numRuns: 10, seed: 1 });
    await writeFileOf(path, [batchOf(rows)], { rowGroupRows: 4 });
    const file = await openParquet(path);
    expect(file.rowGroups.map((group) => group.rows)).toEqual([4, 4, 2]);
    const batches = await read(path, { columns: ['string', 'int64'], rowGroups: [2, 0] });
    expect(batches.map((batch) => batch.length)).toEqual([2, 4]);
    expect(batches[0]!.names).toEqual(['string', 'int64']);
    const expected = [...rows.slice(8), ...rows.slice(0, 4)];
    expect(joined(batches, 'int64')).toEqual(expected.map((row) => row.int64));
    expect((await read(path, { columns: [] })).map((batch) => batch.length)).toEqual([4, 4, 2]);
  });

  it('stop between row groups when the signal is raised', async () => {
    const path = join(folder, 'stop.parquet');
    await writeFileOf(path, [batchOf(fc.sample(anyRow, 6))], { rowGroupRows: 2 });
    const controller = new AbortController();
    const seen: Batch[] = [];
    const reading = (async () => {
      for await (const batch of (await openParquet(path)).batches({ signal: controller.signal })) {
        seen.push(batch);
        controller.abort();
      }
    })();
    await expect(reading).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(seen).toHaveLength(1);
  });

  it('keep metadata, and write a file without rows from a schema', async () => {
    const path = join(folder, 'deeper', 'none.parquet');
    const { schema } = batchOf([]);
    const written = await writeFileOf(path, [], { schema, metadata: { 'hemline.model': 'naïve' } });
    const file = await openParquet(path);
    expect(file.metadata['hemline.model']).toBe('naïve');
    expect(file.schema.fields.map(({ name, type }) => [name, type])).toEqual(
      schema.fields.map(({ name, type }) => [name, type]),
    );
    expect(await read(path)).toEqual([]);
    const again = await writeFileOf(path, [emptyBatch(schema)], { metadata: { 'hemline.model': 'naïve' } });
    expect([again.rows, written.rows]).toEqual([0, 0]);
    expect(await readdir(join(folder, 'deeper'))).toEqual(['none.parquet']);
  });

  it('put the columns in the order of the schema given, whatever theirs', async () => {
    const path = join(folder, 'order.parquet');
    const batch = batchOf(fc.sample(anyRow, 3));
    const order = ['string', 'float64', 'bool'];
    const schema = batch.select(order).schema;
    await writeFileOf(path, [batch.select([...order].reverse())], { schema });
    const [found] = await read(path);
    expect(found!.names).toEqual(order);
    for (const name of order) expect(cells(found!.column(name))).toEqual(cells(batch.column(name)));
  });

  it('give equal bytes for equal rows', async () => {
    const rows = fc.sample(anyRow, { numRuns: 30, seed: 2 });
    const [a, b] = [join(folder, 'a.parquet'), join(folder, 'b.parquet')];
    const first = await writeFileOf(a, [batchOf(rows)]);
    const second = await writeFileOf(b, [batchOf(rows.slice(0, 7)), batchOf(rows.slice(7))]);
    expect(second.sha256).toBe(first.sha256);
  });
});
