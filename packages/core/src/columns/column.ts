import { formatDecimal } from './decimal.ts';

/**
 * The types a column can have. `date` is days since 1970-01-01, `timestamp` is in the column's own unit since then,
 * `decimal` counts units of the column's own scale.
 */
export type ColumnType =
  'float64' | 'float32' | 'int32' | 'int64' | 'bool' | 'date' | 'timestamp' | 'decimal' | 'string';

/** Units of a timestamp column. */
export type TimestampUnit = 'ms' | 'us' | 'ns';

/**
 * What all columns share. `validity` is a bitmap in Arrow's order (row r is bit `r & 7` of byte `r >> 3`; 1 = present),
 * or null when no row is missing. What the values hold at a missing row is undefined.
 */
interface ColumnBase {
  readonly length: number;
  readonly validity: Uint8Array | null;
}

/** 64-bit floating point. */
export interface Float64Column extends ColumnBase {
  readonly type: 'float64';
  readonly values: Float64Array;
}
/** 32-bit floating point. */
export interface Float32Column extends ColumnBase {
  readonly type: 'float32';
  readonly values: Float32Array;
}
/** 32-bit signed integers. */
export interface Int32Column extends ColumnBase {
  readonly type: 'int32';
  readonly values: Int32Array;
}
/** 64-bit signed integers, exact. */
export interface Int64Column extends ColumnBase {
  readonly type: 'int64';
  readonly values: BigInt64Array;
}
/** One byte a row, 0 or 1. */
export interface BoolColumn extends ColumnBase {
  readonly type: 'bool';
  readonly values: Uint8Array;
}
/** Days since 1970-01-01: the type of weeks. */
export interface DateColumn extends ColumnBase {
  readonly type: 'date';
  readonly values: Int32Array;
}
/** Points in time, exact, in `unit` since 1970-01-01. */
export interface TimestampColumn extends ColumnBase {
  readonly type: 'timestamp';
  readonly unit: TimestampUnit;
  readonly values: BigInt64Array;
}
/** Decimal numbers of at most 18 digits, exact: row r is `values[r] / 10 ** scale`. */
export interface DecimalColumn extends ColumnBase {
  readonly type: 'decimal';
  /** Digits in all, 1 to 18. */
  readonly precision: number;
  /** Digits after the point. */
  readonly scale: number;
  readonly values: BigInt64Array;
}
/** Strings: row r is `dictionary[values[r]]`. The dictionary may hold entries that no row uses; entries are distinct. */
export interface StringColumn extends ColumnBase {
  readonly type: 'string';
  readonly values: Int32Array;
  readonly dictionary: readonly string[];
}

/** A column of any type; switch on `type`. Buffers may be shared between threads. */
export type Column =
  | Float64Column
  | Float32Column
  | Int32Column
  | Int64Column
  | BoolColumn
  | DateColumn
  | TimestampColumn
  | DecimalColumn
  | StringColumn;

/** Columns whose values read as plain numbers. */
export type NumericColumn = Float64Column | Float32Column | Int32Column | DateColumn | BoolColumn;

/** A typed array that holds plain numbers. */
export type NumericValues = NumericColumn['values'];

/** Any of the arrays that hold a column's values. */
export type ColumnValues = Column['values'];

/**
 * @param column any column
 * @param row 0-based
 * @returns whether the row holds a value
 */
export function isValid(column: Pick<ColumnBase, 'validity'>, row: number): boolean {
  return column.validity === null || (column.validity[row >> 3]! & (1 << (row & 7))) !== 0;
}

/**
 * One value as a plain JavaScript value: for messages, previews and tests, not for loops over data.
 * @param column any column
 * @param row 0-based
 * @returns the number, bigint, boolean or string (of a decimal, its exact text), or null where missing
 */
export function valueAt(column: Column, row: number): number | bigint | boolean | string | null {
  if (!isValid(column, row)) return null;
  switch (column.type) {
    case 'string':
      return column.dictionary[column.values[row]!]!;
    case 'bool':
      return column.values[row] !== 0;
    case 'decimal':
      return formatDecimal(column.values[row]!, column.scale);
    default:
      return column.values[row]!;
  }
}
