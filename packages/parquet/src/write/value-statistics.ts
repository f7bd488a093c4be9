import type { Column, ColumnType } from '@hemline/core';
import { pageBytes } from '../encodings/bytes.ts';
import { compareText } from '../read/range-filter.ts';
import type { DenseValues } from './page-values.ts';

/** Least and greatest value of some rows, in the bytes that statistics hold. */
export interface Bounds {
  readonly min: Uint8Array;
  readonly max: Uint8Array;
}

/** What statistics say of some rows' values. */
export interface ValueStatistics {
  /** Null where there are none, or none that every reader understands: of values among which NaN is. */
  readonly bounds: Bounds | null;
  /** How many values are NaN; undefined for a type that has none. */
  readonly nans?: number;
}

/** Gives the statistics of any stretch of a column's values. */
export type StatisticsOf = (start: number, end: number) => ValueStatistics;

type BoundsOf = (start: number, end: number) => Bounds | null;

/** Longest text that statistics carry; columns with longer ones go without. */
const LONGEST_TEXT = 256;

/**
 * Prepares the statistics of a column (https://parquet.apache.org/docs/file-format/metadata/, ColumnOrder).
 * @param column to be written
 * @param dense its values without gaps
 * @returns statistics by stretches of dense values
 */
export function statisticsOf(column: Column, dense: DenseValues): StatisticsOf {
  if (column.type === 'float64' || column.type === 'float32') {
    const { buffer, byteOffset } = dense.values;
    const values =
      column.type === 'float64'
        ? new Float64Array(buffer, byteOffset, dense.count)
        : new Float32Array(buffer, byteOffset, dense.count);
    return (start, end) => floatStatistics(values, start, end);
  }
  const bounds = boundsOf(column, dense);
  return (start, end) => ({ bounds: bounds(start, end) });
}

function boundsOf(column: Exclude<Column, { type: 'float64' | 'float32' }>, dense: DenseValues): BoundsOf {
  switch (column.type) {
    case 'int32':
    case 'date':
      return (start, end) => intBounds(dense.values as Int32Array, start, end);
    case 'string':
      return textBounds(column.dictionary, dense.values as Int32Array, dense.count);
    case 'bool':
      return (start, end) => boolBounds(dense.values as Uint8Array, start, end);
    default: {
      const { buffer, byteOffset } = dense.values;
      const values = new BigInt64Array(buffer, byteOffset, dense.count);
      return (start, end) => wideBounds(dense.values as Int32Array, values, start, end);
    }
  }
}

/**
 * The statistics of a chunk by those of its pages.
 * @param type of the column
 * @param pages in any order
 * @returns least and greatest: none where there is no value, or a page's are not known; and the count of NaN
 */
export function joinStatistics(
  type: ColumnType,
  pages: readonly (ValueStatistics & { readonly nulls: number; readonly rows: number })[],
): ValueStatistics {
  const nans = pages.reduce<number | undefined>(
    (sum, page) => (page.nans === undefined ? undefined : (sum ?? 0) + page.nans),
    undefined,
  );
  const known = pages.flatMap(({ bounds }) => bounds ?? []);
  const isKnown = pages.every(({ bounds, nulls, rows }) => bounds !== null || nulls === rows);
  if (known.length === 0 || !isKnown) return { bounds: null, nans };
  const isLess = byteOrder(type);
  const bounds = known.reduce((joined, { min, max }) => ({
    min: isLess(min, joined.min) ? min : joined.min,
    max: isLess(joined.max, max) ? max : joined.max,
  }));
  return { bounds, nans };
}

function byteOrder(type: ColumnType): (a: Uint8Array, b: Uint8Array) => boolean {
  const by =
    <T extends number | bigint>(read: (view: DataView) => T) =>
    (a: Uint8Array, b: Uint8Array): boolean =>
      read(pageBytes(a).view) < read(pageBytes(b).view);
  switch (type) {
    case 'string':
      return (a, b) => Buffer.compare(a, b) < 0;
    case 'float64':
      return by((view) => view.getFloat64(0, true));
    case 'float32':
      return by((view) => view.getFloat32(0, true));
    case 'bool':
      return by((view) => view.getUint8(0));
    case 'int32':
    case 'date':
      return by((view) => view.getInt32(0, true));
    default:
      return by((view) => view.getBigInt64(0, true));
  }
}

function intBounds(values: Int32Array, start: number, end: number): Bounds | null {
  if (start === end) return null;
  let min = values[start]!;
  let max = min;
  for (let i = start; i < end; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min: bytesOf(Int32Array.of(min)), max: bytesOf(Int32Array.of(max)) };
}

/** Compares halves: a bigint a value would cost ten times as much. */
function wideBounds(words: Int32Array, values: BigInt64Array, start: number, end: number): Bounds | null {
  if (start === end) return null;
  let min = start;
  let max = start;
  for (let i = start; i < end; i++) {
    if (isLess(words, i, min)) min = i;
    else if (isLess(words, max, i)) max = i;
  }
  return { min: bytesOf(BigInt64Array.of(values[min]!)), max: bytesOf(BigInt64Array.of(values[max]!)) };
}

function isLess(words: Int32Array, a: number, b: number): boolean {
  const highA = words[2 * a + 1]!;
  const highB = words[2 * b + 1]!;
  return highA < highB || (highA === highB && words[2 * a]! >>> 0 < words[2 * b]! >>> 0);
}

/**
 * The format lets bounds leave NaN out, but to readers for whom NaN is greater than all others they would be wrong: where there is
 * NaN there are no bounds. Zeros are given with the sign that excludes neither.
 */
function floatStatistics(values: Float64Array | Float32Array, start: number, end: number): ValueStatistics {
  let min = Infinity;
  let max = -Infinity;
  let nans = 0;
  for (let i = start; i < end; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
    if (Number.isNaN(value)) nans++;
  }
  if (nans > 0 || start === end) return { bounds: null, nans };
  if (min === 0) min = -0;
  if (max === 0) max = 0;
  const bytes = (value: number): Uint8Array =>
    bytesOf(values instanceof Float64Array ? Float64Array.of(value) : Float32Array.of(value));
  return { bounds: { min: bytes(min), max: bytes(max) }, nans };
}

function boolBounds(values: Uint8Array, start: number, end: number): Bounds | null {
  if (start === end) return null;
  let and = 1;
  let or = 0;
  for (let i = start; i < end; i++) {
    and &= values[i]!;
    or |= values[i]!;
  }
  return { min: Uint8Array.of(and), max: Uint8Array.of(or) };
}

/** Entries are ranked once; rows then compare ranks. */
function textBounds(dictionary: readonly string[], codes: Int32Array, count: number): BoundsOf {
  const isUsed = new Uint8Array(dictionary.length);
  for (let i = 0; i < count; i++) isUsed[codes[i]!] = 1;
  const used: number[] = [];
  isUsed.forEach((flag, code) => {
    if (flag === 1) used.push(code);
  });
  used.sort((a, b) => compareText(dictionary[a]!, dictionary[b]!));
  const rank = new Int32Array(dictionary.length);
  used.forEach((code, position) => (rank[code] = position));
  return (start, end) => {
    if (start === end) return null;
    let last = codes[start]!;
    let min = rank[last]!;
    let max = min;
    for (let i = start; i < end; i++) {
      if (codes[i] === last) continue;
      last = codes[i]!;
      const value = rank[last]!;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    const bounds = {
      min: Buffer.from(dictionary[used[min]!]!),
      max: Buffer.from(dictionary[used[max]!]!),
    };
    return bounds.min.length > LONGEST_TEXT || bounds.max.length > LONGEST_TEXT ? null : bounds;
  };
}

function bytesOf(values: Int32Array | BigInt64Array | Float64Array | Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
