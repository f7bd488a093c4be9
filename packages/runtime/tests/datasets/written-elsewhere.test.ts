import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collect, formatWeek, valueAt } from '@hemline/core';
import { openDataset } from '../../src/datasets/open-dataset.ts';

/* Datasets that polars, arrow-rs and pyarrow wrote; the recipes in golden/foreign have types, layouts and codecs, and the rows that they handed over. */
const GOLDEN = join(import.meta.dirname, 'golden', 'foreign');
const datasets = (await readdir(GOLDEN)).filter((name) => !name.startsWith('make.')).sort();

type Row = readonly (string | number | boolean | null)[];
const COLUMNS = ['article', 'market', 'week', 'demand', 'discount', 'promo'];

const byKey = (rows: Row[]): Row[] =>
  rows.sort((a, b) => (a.slice(0, 3).join('\n') < b.slice(0, 3).join('\n') ? -1 : 1));

async function readHere(folder: string): Promise<Row[]> {
  const dataset = await openDataset(folder);
  await dataset.validate();
  const batch = await collect(dataset.tables.get('weekly'), { columns: COLUMNS });
  return Array.from({ length: batch.length }, (_, row) =>
    COLUMNS.map((name) => {
      const value = valueAt(batch.column(name), row) as Row[number];
      return name === 'week' ? formatWeek(value as number) : value;
    }),
  );
}

describe('datasets that others wrote', () => {
  it('are of each writer', () => {
    expect(Object.groupBy(datasets, (name) => name.replace(/-\d+$/, ''))).toMatchObject({
      polars: { length: 24 },
      'arrow-rs': { length: 16 },
      pyarrow: { length: 24 },
    });
  });

  it.each(datasets)('%s: has the rows that its writer was given', async (name) => {
    const expected = JSON.parse(await readFile(join(GOLDEN, name, 'expected.json'), 'utf8')) as Row[];
    expect(expected.length).toBeGreaterThan(1);
    expect(byKey(await readHere(join(GOLDEN, name)))).toEqual(byKey(expected));
  });
});
