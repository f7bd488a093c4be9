import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Batch, concatBatches, dateColumn, float64Column, stringsToColumn, valueAt } from '@hemline/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvRecords } from '../../src/decisions/csv-records.ts';
import { givenTable } from '../../src/decisions/given-table.ts';
import { writeTable } from '../../src/decisions/write-table.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-given-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function recordsOf(text: string): Promise<{ line: number; cells: readonly string[] }[]> {
  const file = join(folder, 'table.csv');
  await writeFile(file, text);
  const records = [];
  for await (const record of csvRecords(file)) records.push({ ...record });
  return records;
}

const cell = fc.string({
  unit: fc.constantFrom('a', 'é', '"', ',', ';', '\t', '\n', '\r', ' ', '𝄞'),
  maxLength: 6,
});
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

describe('csvRecords', () => {
  it('reads every cell as it was quoted, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 5 }),
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        async (rows, delimiter, end, endsWithOne) => {
          const lines = [
            `one${delimiter}two${delimiter}three`,
            ...rows.map((row) => row.map(quoted).join(delimiter)),
          ];
          const text = `\ufeff${lines.join(end)}${endsWithOne ? end : ''}`;
          const [head, ...found] = await recordsOf(text);
          expect(head!.cells).toEqual(['one', 'two', 'three']);
          expect(found.map(({ cells }) => cells)).toEqual(rows);
          // A record begins where its first letter stands.
          const begins = found.map(({ line }) => text.split('\n')[line - 1]!.startsWith('"'));
          expect(begins.every(Boolean)).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('passes over empty lines, and counts them', async () => {
    expect(await recordsOf('a,b\r\n\r\n1,2\r\n')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 3, cells: ['1', '2'] },
    ]);
  });
});

describe('a table that is written', () => {
  it.each(['.csv', '.jsonl', '.parquet'])('is read back from %s', async (end) => {
    const table = new Batch({
      article: stringsToColumn(['A', 'B "c", d', 'Ü\n;']),
      week: dateColumn(Int32Array.of(19_600, 19_607, 19_614)),
      listPrice: float64Column(Float64Array.of(0.1, 19.99, 3), Uint8Array.of(0b011)),
    });
    const file = join(folder, `table${end}`);
    await writeTable(file, [table.select(table.names)]);
    const batches: Batch[] = [];
    for await (const batch of givenTable(file)) batches.push(batch);
    const read = concatBatches(batches);
    const text = (name: string): unknown[] =>
      Array.from({ length: 3 }, (_, row) => {
        const value = valueAt(read.column(name), row);
        return typeof value === 'string' || value === null ? value : String(value);
      });
    expect(text('article')).toEqual(['A', 'B "c", d', 'Ü\n;']);
    expect(text('list_price')).toEqual(['0.1', '19.99', null]);
    expect(text('week')).toEqual(
      end === '.parquet' ? ['19600', '19607', '19614'] : ['2023-08-31', '2023-09-07', '2023-09-14'],
    );
  });
});
