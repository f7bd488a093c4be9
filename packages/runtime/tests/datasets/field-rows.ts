import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  Batch,
  collect,
  dateColumn,
  float64Column,
  formatWeek,
  parseWeek,
  stringsToColumn,
  valueAt,
  type Column,
} from '@hemline/core';
import { openDataset } from '../../src/datasets/open-dataset.ts';

/** First week of the tables. */
export const FIRST = parseWeek('2024-01-01');

export const numbers = (...values: number[]): Column => float64Column(Float64Array.from(values));
export const weeks = (...offsets: number[]): Column =>
  dateColumn(Int32Array.from(offsets, (n) => FIRST + 7 * n));
export const texts = (...values: string[]): Column => stringsToColumn(values);

/** One article in one market, a row for each of the weeks given. */
export function weekly(
  offsets: readonly number[],
  change: Record<string, Column> = {},
  article = 'A',
): Batch {
  return new Batch({
    article: texts(...offsets.map(() => article)),
    market: texts(...offsets.map(() => 'DE')),
    week: weeks(...offsets),
    demand: numbers(...offsets.map(() => 5)),
    discount: numbers(...offsets.map(() => 0.2)),
    ...change,
  });
}

/** Says something of a table in the dataset.json of a folder. */
export async function describeIn(folder: string, settings: object, table = 'weekly'): Promise<void> {
  await writeFile(
    join(folder, 'dataset.json'),
    JSON.stringify({ name: 'shop', tables: { [table]: settings } }),
  );
}

/** The weekly table of a folder as models see it: `A 2024-01-01 5 0.2`. */
export async function rowsOf(
  folder: string,
  columns = ['article', 'week', 'demand', 'discount'],
): Promise<string[]> {
  const dataset = await openDataset(folder);
  await dataset.validate();
  const batch = await collect(dataset.tables.get('weekly'), { columns });
  return Array.from({ length: batch.length }, (_, row) =>
    columns
      .map((name) => {
        const value = valueAt(batch.column(name), row);
        return name === 'week' ? formatWeek(value as number) : String(value);
      })
      .join(' '),
  );
}
