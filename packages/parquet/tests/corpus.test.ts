import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HemlineError, valueAt } from '@hemline/core';
import { openParquet } from '../src/open-parquet.ts';
import type { ParquetFile } from '../src/parquet-file.ts';

/** Files of https://github.com/apache/parquet-testing: many writers, encodings, codecs, and some that are broken. */
const FOLDER = join(import.meta.dirname, '../../../../shared/data/parquet-testing/data');

interface Expected {
  readonly error?: string;
  readonly rows: number;
  /** Null for nested columns. */
  readonly columns: readonly (readonly [string, string | null])[];
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'corpus', name), 'utf8'));
const EXPECTED = read('expected.json') as Readonly<Record<string, Expected>>;
/** Reason and error of what is not read, by file, or by file and column. */
const NOT_SUPPORTED = read('not-supported.json') as Readonly<
  Record<string, { reason: string; error: string }>
>;

function textOf(value: unknown, isFloat: boolean): string {
  if (value === null) return 'null';
  if (value instanceof Uint8Array) return `x${Buffer.from(value).toString('hex')}`;
  if (!isFloat) return String(value);
  if (Number.isNaN(value)) return 'nan';
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE(value as number);
  return bits.toString('hex');
}

async function digestOf(file: ParquetFile, name: string): Promise<string> {
  const type = file.schema.fields.find((field) => field.name === name)?.type;
  const isFloat = type === 'float32' || type === 'float64';
  const texts: string[] = [];
  for await (const batch of file.batches({ columns: [name] }))
    for (let row = 0; row < batch.length; row++)
      texts.push(textOf(valueAt(batch.column(name), row), isFloat));
  return createHash('sha256').update(texts.join('\n')).digest('hex');
}

/** What reading came to: a digest, or the error. */
async function outcome(work: () => Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HemlineError) return `error: ${error.message.replaceAll(`${FOLDER}/`, '')}`;
    throw error;
  }
}

describe.skipIf(!existsSync(FOLDER))('parquet-testing (skipped where shared/data is missing)', () => {
  it('has the files that are expected', () => {
    const names = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.parquet')) : [];
    expect(names.sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  it.each(Object.keys(EXPECTED))('%s reads as pyarrow reads it, or is refused clearly', async (name) => {
    const expected = EXPECTED[name]!;
    const refusal = NOT_SUPPORTED[name];
    const opening = await outcome(async () => {
      const file = await openParquet(join(FOLDER, name));
      return String(file.rows);
    });
    if (refusal !== undefined) {
      const all = await outcome(async () => {
        for await (const _ of (await openParquet(join(FOLDER, name))).batches());
        return 'read';
      });
      expect(all).toMatch(new RegExp(refusal.error));
      return;
    }
    if (expected.error === undefined) expect(opening).toBe(String(expected.rows));
    const file = await openParquet(join(FOLDER, name));
    // What pyarrow refuses must not break us.
    if (expected.error !== undefined) return;
    for (const [column, digest] of expected.columns) {
      const known = NOT_SUPPORTED[`${name}: ${column}`];
      const found = await outcome(() => digestOf(file, column));
      // Columns without a typed column here are named, and refused; so are bytes that are no text.
      if (Object.hasOwn(file.unsupported, column)) expect(found, column).toMatch(/^error: .*not supported/);
      else if (known !== undefined) expect(found, column).toMatch(new RegExp(known.error));
      else if (digest === null) expect(found, column).not.toMatch(/^error/);
      else expect(found, column).toBe(digest);
    }
  });
});
