import { isValid, type Column, type ColumnValues } from './column.ts';

/**
 * Gathers rows into a new column. O(rows); string dictionaries are shared, not copied.
 * @param column the source
 * @param rows 0-based source rows, in the order wanted; may repeat
 * @returns a column of `rows.length`
 */
export function takeColumn(column: Column, rows: Uint32Array): Column {
  const values = gather(column.values, rows);
  let validity: Uint8Array | null = null;
  if (column.validity !== null) {
    validity = new Uint8Array((rows.length + 7) >> 3);
    for (let i = 0; i < rows.length; i++) if (isValid(column, rows[i]!)) validity[i >> 3]! |= 1 << (i & 7);
  }
  return { ...column, length: rows.length, values, validity } as Column;
}

/**
 * A run of rows. The values are a view where the type allows it; the validity bitmap is copied unless `start` is a
 * multiple of eight.
 * @param column the source
 * @param start first row
 * @param end row after the last
 * @returns a column of `end - start` rows
 */
export function sliceColumn(column: Column, start: number, end: number): Column {
  const values = column.values.subarray(start, end);
  let validity: Uint8Array | null = null;
  if (column.validity !== null) {
    if (start % 8 === 0) {
      validity = column.validity.subarray(start >> 3, (end + 7) >> 3);
    } else {
      validity = new Uint8Array((end - start + 7) >> 3);
      for (let row = start; row < end; row++) {
        if (isValid(column, row)) validity[(row - start) >> 3]! |= 1 << ((row - start) & 7);
      }
    }
  }
  return { ...column, length: end - start, values, validity } as Column;
}

/** One loop per array type keeps each of them monomorphic. */
function gather(values: ColumnValues, rows: Uint32Array): ColumnValues {
  if (values instanceof Float64Array) return gatherInto(values, rows, new Float64Array(rows.length));
  if (values instanceof Float32Array) return gatherInto(values, rows, new Float32Array(rows.length));
  if (values instanceof Int32Array) return gatherInto(values, rows, new Int32Array(rows.length));
  if (values instanceof Uint8Array) return gatherInto(values, rows, new Uint8Array(rows.length));
  const taken = new BigInt64Array(rows.length);
  for (let i = 0; i < rows.length; i++) taken[i] = values[rows[i]!]!;
  return taken;
}

function gatherInto<A extends Float64Array | Float32Array | Int32Array | Uint8Array>(
  source: A,
  rows: Uint32Array,
  target: A,
): A {
  for (let i = 0; i < rows.length; i++) target[i] = source[rows[i]!]!;
  return target;
}
