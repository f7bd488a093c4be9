import { SchemaError, isValid, type Column } from '@hemline/core';
import type { FileColumn } from '../footer/file-columns.ts';
import type { FilterValue, RangeFilter } from '../parquet-file.ts';
import { countRows, type RowRanges } from './row-ranges.ts';

/** A filter whose bounds have the type of their column's values. */
export interface TypedFilter {
  readonly column: FileColumn;
  readonly from: FilterValue | undefined;
  readonly to: FilterValue | undefined;
}

/**
 * Gives a filter's bounds the type of its column. Those of floats are rounded to its precision: a float32 that was 0.3 is
 * 0.30000001192092896, and `to: 0.3` means it too.
 * @param filter as asked for
 * @param column it is about
 * @param file for messages
 * @returns the filter
 * @throws SchemaError when a bound cannot be compared with the column's values
 */
export function typedFilter(filter: RangeFilter, column: FileColumn, file: string): TypedFilter {
  const { type, representation } = column.leaf!;
  const convert = (bound: FilterValue | undefined): FilterValue | undefined => {
    if (bound === undefined) return undefined;
    const isNumber = typeof bound === 'number' && !Number.isNaN(bound);
    switch (type) {
      case 'string':
        if (typeof bound === 'string') return bound;
        break;
      case 'bool':
        if (typeof bound === 'boolean') return bound;
        break;
      case 'int64':
      case 'timestamp':
      case 'decimal':
        if (typeof bound === 'bigint') return bound;
        if (Number.isSafeInteger(bound)) return BigInt(bound);
        break;
      case 'float32':
        if (isNumber) return representation === 'float16' ? Math.f16round(bound) : Math.fround(bound);
        break;
      default:
        if (isNumber) return bound;
    }
    throw new SchemaError('a filter does not fit its column', {
      expected: `a bound that compares with ${type}`,
      found: `${typeof bound} ${String(bound)}`,
      where: { file, column: column.name },
    });
  };
  return { column, from: convert(filter.from), to: convert(filter.to) };
}

/**
 * Whether statistics leave room for a row that satisfies a filter.
 * @param filter the filter
 * @param min lower bound of the values as hyparquet parsed it, undefined where it is not known
 * @param max upper bound of the values as hyparquet parsed it, undefined where it is not known
 * @returns false only when there is surely none
 */
export function mayMatch({ column, from, to }: TypedFilter, min: unknown, max: unknown): boolean {
  const least = boundOf(column, min);
  const greatest = boundOf(column, max);
  if (from !== undefined && greatest !== undefined && compare(greatest, from) < 0) return false;
  return !(to !== undefined && least !== undefined && compare(least, to) > 0);
}

/**
 * Whether statistics leave no room for a row that does not satisfy a filter: then rows need not be looked at. Only of dates and
 * 32-bit integers, whose bounds are exact and which have no NaN.
 * @param filter the filter
 * @param min lower bound of the values, undefined where it is not known
 * @param max upper bound of the values, undefined where it is not known
 * @param nulls how many values are missing, undefined where it is not known
 * @returns true only when every row surely does
 */
export function surelyMatches(
  { column, from, to }: TypedFilter,
  min: unknown,
  max: unknown,
  nulls: number | bigint | undefined,
): boolean {
  const { type } = column.leaf!;
  if (type !== 'date' && type !== 'int32') return false;
  const isWhole = nulls === undefined ? !column.nullable : Number(nulls) === 0;
  if (!isWhole || typeof min !== 'number' || typeof max !== 'number') return false;
  return (from === undefined || min >= Number(from)) && (to === undefined || max <= Number(to));
}

/**
 * The rows that satisfy all filters.
 * @param filters with the column that each is about, as read
 * @param ranges rows that come into question
 * @returns their numbers, ascending
 */
export function matchingRows(
  filters: readonly (TypedFilter & { readonly values: Column })[],
  ranges: RowRanges,
): Uint32Array {
  const tests = filters.map(rowTest);
  const rows = new Uint32Array(countRows(ranges));
  let count = 0;
  for (const { start, end } of ranges) {
    for (let row = start; row < end; row++) if (tests.every((test) => test(row))) rows[count++] = row;
  }
  return rows.subarray(0, count);
}

function rowTest({ from, to, values: column }: TypedFilter & { values: Column }): (row: number) => boolean {
  const within = (value: FilterValue): boolean =>
    (from === undefined || compare(value, from) >= 0) && (to === undefined || compare(value, to) <= 0);
  if (column.type === 'string') {
    // Once an entry, not a row.
    const passes = column.dictionary.map(within);
    return (row) => isValid(column, row) && passes[column.values[row]!]!;
  }
  if (column.type === 'bool') return (row) => isValid(column, row) && within(column.values[row] !== 0);
  const values = column.values;
  // Bounds of numbers are numbers: typedFilter saw to it.
  const [least, greatest] = [from as number | undefined, to as number | undefined];
  return (row) => {
    const value = values[row]!;
    return (
      isValid(column, row) &&
      (least === undefined || value >= least) &&
      (greatest === undefined || value <= greatest)
    );
  };
}

/** Unscaled decimals up to this size survive being a float64 for a while. */
const SURELY_EXACT = 2 ** 50;

/** A statistic as the column's values are compared; undefined where it says nothing that can be relied on. */
function boundOf({ leaf }: FileColumn, value: unknown): FilterValue | undefined {
  switch (leaf!.type) {
    case 'string':
      // One that was cut within a character is no bound any more.
      return typeof value === 'string' && !value.includes('\ufffd') ? value : undefined;
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'decimal': {
      // hyparquet gives decimals as floats.
      const unscaled = typeof value === 'number' ? Math.round(value * 10 ** leaf!.scale!) : NaN;
      return Math.abs(unscaled) < SURELY_EXACT ? BigInt(unscaled) : undefined;
    }
    case 'int64':
    case 'timestamp':
      // Bounds of integers without a sign are in another order.
      if (leaf!.representation === 'unsigned') return undefined;
      if (typeof value === 'number') return BigInt(value);
      return typeof value === 'bigint' ? value : undefined;
    default:
      // NaN among statistics says nothing.
      return typeof value === 'number' && !Number.isNaN(value) ? value : undefined;
  }
}

/** Strings by code point, which is the order of their bytes; JavaScript's own order is by UTF-16 unit. */
function compare(a: FilterValue, b: FilterValue): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Compares texts by the order of their UTF-8 bytes.
 * @param a text
 * @param b text
 * @returns negative, 0 or positive
 */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // Surrogates stand for code points above all others.
    const isHighX = x >= 0xd800 && x <= 0xdfff;
    const isHighY = y >= 0xd800 && y <= 0xdfff;
    return isHighX === isHighY ? x - y : isHighX ? 1 : -1;
  }
  return a.length - b.length;
}
