import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { valueAt, type Batch } from '@hemline/core';
import { openParquet } from '../src/open-parquet.ts';

const FOLDER = join(import.meta.dirname, 'golden');
const NAMES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.parquet'))
  .map((name) => name.slice(0, -'.parquet'.length));

/** A value as the recipe prints it; floats and nested values are compared as what they are. */
function comparable(value: unknown, text: string | null): [unknown, unknown] {
  if (value === null || text === null) return [value, text];
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('hex'), text];
  if (typeof value === 'number' && !/^-?\d+$/.test(text)) return [value, Number(text)];
  if (typeof value === 'object') return [JSON.parse(JSON.stringify(value)), JSON.parse(text)];
  return [String(value), text];
}

function columnOf(batches: readonly Batch[], name: string): unknown[] {
  return batches.flatMap((batch) => {
    const column = batch.column(name);
    return Array.from({ length: batch.length }, (_, row) => valueAt(column, row));
  });
}

describe('files that pyarrow wrote', () => {
  it('are there', () => {
    expect(NAMES.length).toBeGreaterThan(50);
  });

  it.each(NAMES)('reads %s as pyarrow does', async (name) => {
    const text = readFileSync(join(FOLDER, `${name}.json`), 'utf8');
    const { columns } = JSON.parse(text) as { columns: Record<string, (string | null)[]> };
    const file = await openParquet(join(FOLDER, `${name}.parquet`));
    const batches: Batch[] = [];
    if (name === 'bytes') {
      // Byte arrays without an annotation are taken for text, as most writers mean them.
      await expect(Array.fromAsync(file.batches())).rejects.toThrow(/no UTF-8: bytes 00ff/);
      return;
    }
    for await (const batch of file.batches()) batches.push(batch);
    const expected = Object.entries(columns);
    expect(file.schema.fields.length + Object.keys(file.unsupported).length).toBe(expected.length);
    for (const [column, texts] of expected) {
      if (Object.hasOwn(file.unsupported, column)) {
        await expect(Array.fromAsync(file.batches({ columns: [column] }))).rejects.toThrow(/not supported/);
        continue;
      }
      const found = columnOf(batches, column);
      const pairs = texts.map((each, row) => comparable(found[row], each));
      expect(found.length, column).toBe(texts.length);
      expect(
        pairs.map(([value]) => value),
        column,
      ).toEqual(pairs.map(([, value]) => value));
    }
  });
});
