import type {
  BoolColumn,
  Column,
  DateColumn,
  DecimalColumn,
  Float32Column,
  Float64Column,
  Int32Column,
  Int64Column,
  StringColumn,
  TimestampColumn,
  TimestampUnit,
} from './column.ts';

/**
 * Wraps a Float64Array without copying.
 * @param values one per row
 * @param validity bitmap, or null when nothing is missing
 * @returns the column
 */
export function float64Column(values: Float64Array, validity: Uint8Array | null = null): Float64Column {
  return { type: 'float64', length: values.length, values, validity };
}

/**
 * Wraps a Float32Array without copying.
 * @param values one per row
 * @param validity bitmap, or null when nothing is missing
 * @returns the column
 */
export function float32Column(values: Float32Array, validity: Uint8Array | null = null): Float32Column {
  return { type: 'float32', length: values.length, values, validity };
}

/**
 * Wraps an Int32Array without copying.
 * @param values one per row
 * @param validity bitmap, or null when nothing is missing
 * @returns the column
 */
export function int32Column(values: Int32Array, validity: Uint8Array | null = null): Int32Column {
  return { type: 'int32', length: values.length, values, validity };
}

/**
 * Wraps a BigInt64Array without copying.
 * @param values one per row
 * @param validity bitmap, or null when nothing is missing
 * @returns the column
 */
export function int64Column(values: BigInt64Array, validity: Uint8Array | null = null): Int64Column {
  return { type: 'int64', length: values.length, values, validity };
}

/**
 * Wraps bytes of 0 and 1 without copying.
 * @param values one per row
 * @param validity bitmap, or null when nothing is missing
 * @returns the column
 */
export function boolColumn(values: Uint8Array, validity: Uint8Array | null = null): BoolColumn {
  return { type: 'bool', length: values.length, values, validity };
}

/**
 * Wraps days since 1970-01-01 without copying.
 * @param values one per row
 * @param validity bitmap, or null when nothing is missing
 * @returns the column
 */
export function dateColumn(values: Int32Array, validity: Uint8Array | null = null): DateColumn {
  return { type: 'date', length: values.length, values, validity };
}

/**
 * Wraps points in time without copying.
 * @param values in `unit` since 1970-01-01
 * @param unit of the values
 * @param validity bitmap, or null when nothing is missing
 * @returns the column
 */
export function timestampColumn(
  values: BigInt64Array,
  unit: TimestampUnit,
  validity: Uint8Array | null = null,
): TimestampColumn {
  return { type: 'timestamp', unit, length: values.length, values, validity };
}

/**
 * Wraps decimal numbers without copying.
 * @param values in units of the scale
 * @param precision digits in all, 1 to 18
 * @param scale digits after the point
 * @param validity bitmap, or null when nothing is missing
 * @returns the column
 */
export function decimalColumn(
  values: BigInt64Array,
  precision: number,
  scale: number,
  validity: Uint8Array | null = null,
): DecimalColumn {
  return { type: 'decimal', precision, scale, length: values.length, values, validity };
}

/**
 * Wraps codes and their dictionary without copying.
 * @param values code of each row
 * @param dictionary distinct strings
 * @param validity bitmap, or null when nothing is missing
 * @returns the column
 */
export function stringColumn(
  values: Int32Array,
  dictionary: readonly string[],
  validity: Uint8Array | null = null,
): StringColumn {
  return { type: 'string', length: values.length, values, dictionary, validity };
}

/**
 * Builds a string column from plain strings, coding each distinct one once. O(n).
 * @param strings one per row; null where missing
 * @returns the column
 */
export function stringsToColumn(strings: readonly (string | null)[]): StringColumn {
  const codes = new Int32Array(strings.length);
  const dictionary: string[] = [];
  const codeOf = new Map<string, number>();
  const missing: number[] = [];
  for (let row = 0; row < strings.length; row++) {
    const text = strings[row]!;
    if (text === null) {
      missing.push(row);
      continue;
    }
    let code = codeOf.get(text);
    if (code === undefined) {
      code = dictionary.length;
      codeOf.set(text, code);
      dictionary.push(text);
    }
    codes[row] = code;
  }
  return stringColumn(
    codes,
    dictionary,
    missing.length === 0 ? null : validityWithout(strings.length, missing),
  );
}

/**
 * A column that holds the same string in every row: a partition's key.
 * @param text the string
 * @param length rows
 * @returns the column
 */
export function constantStringColumn(text: string, length: number): StringColumn {
  return stringColumn(new Int32Array(length), [text]);
}

/**
 * A validity bitmap with all rows present but the given ones.
 * @param length rows
 * @param missing 0-based rows that are missing
 * @returns the bitmap, bits past `length` are 0
 */
export function validityWithout(length: number, missing: Iterable<number>): Uint8Array {
  const bitmap = new Uint8Array((length + 7) >> 3).fill(0xff);
  if (length % 8 !== 0) bitmap[bitmap.length - 1] = (1 << (length % 8)) - 1;
  for (const row of missing) bitmap[row >> 3]! &= ~(1 << (row & 7));
  return bitmap;
}

/**
 * The number of missing rows. O(n / 8).
 * @param column any column
 * @returns how many rows hold no value
 */
export function nullCount(column: Column): number {
  if (column.validity === null) return 0;
  let present = 0;
  for (let row = 0; row < column.length; row++) present += (column.validity[row >> 3]! >> (row & 7)) & 1;
  return column.length - present;
}
