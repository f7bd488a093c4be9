import { SchemaError } from '../errors/causes.ts';
import { concatColumns } from '../columns/concat.ts';
import { sliceColumn, takeColumn } from '../columns/take.ts';
import type { Column } from '../columns/column.ts';
import { Batch } from './batch.ts';

/**
 * Gathers rows. Copies.
 * @param batch the source
 * @param rows 0-based, in the order wanted
 * @returns a batch of `rows.length`
 */
export function takeRows(batch: Batch, rows: Uint32Array): Batch {
  return mapColumns(batch, rows.length, (column) => takeColumn(column, rows));
}

/**
 * A run of rows; values are views.
 * @param batch the source
 * @param start first row
 * @param end row after the last, the end of the batch by default
 * @returns a batch of `end - start` rows
 */
export function sliceRows(batch: Batch, start: number, end: number = batch.length): Batch {
  const last = Math.min(end, batch.length);
  return mapColumns(batch, Math.max(0, last - start), (column) =>
    sliceColumn(column, start, Math.max(start, last)),
  );
}

/**
 * Keeps the rows that a test accepts. Gives the batch itself when all are kept.
 * @param batch the source
 * @param keep whether to keep a 0-based row
 * @returns the kept rows, in order
 */
export function filterRows(batch: Batch, keep: (row: number) => boolean): Batch {
  const rows = new Uint32Array(batch.length);
  let count = 0;
  for (let row = 0; row < batch.length; row++) if (keep(row)) rows[count++] = row;
  return count === batch.length ? batch : takeRows(batch, rows.subarray(0, count));
}

/**
 * Joins batches of one schema end to end. Copies.
 * @param batches at least one, all with the columns of the first
 * @returns the joined batch
 * @throws SchemaError when there is none
 */
export function concatBatches(batches: readonly Batch[]): Batch {
  const first = batches[0];
  if (first === undefined) throw new SchemaError('there is no batch to join', { expected: 'at least one' });
  if (batches.length === 1) return first;
  const length = batches.reduce((sum, batch) => sum + batch.length, 0);
  return new Batch(
    new Map(first.names.map((name) => [name, concatColumns(batches.map((batch) => batch.column(name)))])),
    length,
  );
}

/**
 * Cuts a stream into batches of at most `rows` rows; larger ones are split (views), smaller ones pass as they are.
 * @param batches the stream
 * @param rows the bound
 * @yields batches in order
 */
export async function* boundBatches(batches: AsyncIterable<Batch>, rows: number): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    for (let start = 0; start < batch.length; start += rows)
      yield start === 0 && batch.length <= rows ? batch : sliceRows(batch, start, start + rows);
  }
}

function mapColumns(batch: Batch, length: number, map: (column: Column) => Column): Batch {
  return new Batch(new Map([...batch.columns].map(([name, column]) => [name, map(column)])), length);
}
