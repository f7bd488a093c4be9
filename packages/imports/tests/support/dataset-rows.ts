import { DuckDBInstance } from '@duckdb/node-api';
import { openDataset } from '@hemline/runtime';

/** A row by column: dates as text, null where nothing is known. */
export type Row = Readonly<Record<string, string | number | null>>;

/**
 * Validates a dataset and reads a table of it with another reader than ours.
 * @param folder of the dataset
 * @param name of the table
 */
export async function validRows(folder: string, name: string): Promise<Row[]> {
  await (await openDataset(folder)).validate();
  return query(`SELECT * FROM read_parquet('${folder}/${name}.parquet')`);
}

/** Rows of a query. */
export async function query(sql: string): Promise<Row[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJson() as Row[];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Numbers that are the same wherever the test runs. */
export function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Monday of a day, both as YYYY-MM-DD. */
export function mondayOf(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}

/** A day so many days later. */
export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** Sums of a value by a key. */
export function sumBy<T>(
  items: Iterable<T>,
  key: (item: T) => string,
  value: (item: T) => number,
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const item of items) sums.set(key(item), (sums.get(key(item)) ?? 0) + value(item));
  return sums;
}
