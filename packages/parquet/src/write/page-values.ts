import { nullCount, type Column } from '@hemline/core';
import { wordsOf } from '../encodings/bytes.ts';

/**
 * The values of a column without gaps: what encoders take. Where nothing is missing they are the column's own, not
 * copied.
 */
export interface DenseValues {
  /** One word a value (codes of strings too), or two; of booleans, a byte a value. */
  readonly values: Int32Array | Uint8Array;
  readonly step: 1 | 2;
  readonly count: number;
  /** Index of the first value at or after a row. */
  readonly positionOf: (row: number) => number;
}

/**
 * @param column any column
 * @returns its values without the missing ones
 */
export function denseValues(column: Column): DenseValues {
  const { length, validity } = column;
  const values = column.type === 'bool' ? column.values : wordsOf(column.values);
  const step = column.type === 'bool' ? 1 : ((values.length / Math.max(1, length)) as 1 | 2) || 1;
  const missing = validity === null ? 0 : nullCount(column);
  if (missing === 0) return { values, step, count: length, positionOf: (row) => row };
  const present = length - missing;
  const dense = column.type === 'bool' ? new Uint8Array(present) : new Int32Array(present * step);
  // Positions of every 8th row: pages begin at such rows.
  const positions = new Int32Array((length >> 3) + 2);
  let to = 0;
  for (let row = 0; row < length; row++) {
    if ((row & 7) === 0) positions[row >> 3] = to;
    if (((validity![row >> 3]! >> (row & 7)) & 1) === 0) continue;
    if (step === 1) dense[to] = values[row]!;
    else {
      dense[2 * to] = values[2 * row]!;
      dense[2 * to + 1] = values[2 * row + 1]!;
    }
    to++;
  }
  return {
    values: dense,
    step,
    count: present,
    positionOf: (row) => (row >= length ? present : positions[row >> 3]!),
  };
}
