import {
  SchemaError,
  boolColumn,
  decimalToNumber,
  float64Column,
  isValid,
  stringColumn,
  type Column,
  type ColumnType,
  type ErrorPlace,
} from '@hemline/core';
import { datesOfTimes } from './convert-date.ts';

/** Integers of this size and smaller are exact as float64. */
const LARGEST_EXACT = 9_007_199_254_740_991n;

/**
 * Whether values of one type can stand for a role of another without loss.
 * @param from type on disk
 * @param to type of the role
 * @returns whether {@link convertColumn} can be asked
 */
export function isConvertible(from: ColumnType, to: ColumnType): boolean {
  if (from === to) return true;
  switch (to) {
    case 'float64':
      return from === 'float32' || from === 'int32' || from === 'int64' || from === 'decimal';
    case 'string':
      return from === 'int32' || from === 'int64';
    case 'bool':
      return from === 'int32';
    case 'date':
      return from === 'timestamp';
    default:
      return false;
  }
}

/** What a conversion may need besides the column. */
export interface Conversion {
  /** Row of the file that the column's first row is, 0 by default; null where that is not known. */
  readonly firstRow?: number | null;
  /** Time zone in which points in time are meant; UTC where there is none. */
  readonly zone?: (() => string | null) | undefined;
}

/**
 * Converts a column as read to the type of its role. Shares what already fits.
 * @param column as read
 * @param to type of the role
 * @param where for messages
 * @param context where the rows stand, and the zone of points in time
 * @returns the converted column
 * @throws SchemaError for a pair of types that does not fit, or a value that would lose something
 */
export function convertColumn(
  column: Column,
  to: ColumnType,
  where: ErrorPlace,
  { firstRow = 0, zone }: Conversion = {},
): Column {
  if (column.type === to) return column;
  if (!isConvertible(column.type, to)) throw wrongType(column.type, to, where);
  switch (to) {
    case 'float64':
      return toFloat64(column, where, firstRow);
    case 'string':
      return toText(column);
    case 'bool':
      return toBool(column, where, firstRow);
    default:
      if (column.type !== 'timestamp') throw wrongType(column.type, to, where);
      return datesOfTimes(column, zone?.() ?? null, (row) => rowOf(where, firstRow, row));
  }
}

/**
 * The error for a column whose type cannot stand for its role.
 * @param found type on disk
 * @param expected type of the role
 * @param where for the message
 * @returns the error
 */
export function wrongType(found: ColumnType, expected: ColumnType, where: ErrorPlace): SchemaError {
  const accepted = (
    ['float64', 'float32', 'int32', 'int64', 'bool', 'date', 'timestamp', 'decimal', 'string'] as const
  ).filter((type) => isConvertible(type, expected));
  return new SchemaError('a column has the wrong type', {
    expected: accepted.join(' or '),
    found,
    where,
    remedy: 'Cast it, or name another column for this role in dataset.json.',
  });
}

function toFloat64(column: Column, where: ErrorPlace, firstRow: number | null): Column {
  if (column.type === 'decimal') {
    const { scale, values } = column;
    return float64Column(
      Float64Array.from(values, (value) => decimalToNumber(value, scale)),
      column.validity,
    );
  }
  if (column.type !== 'int64')
    return float64Column(Float64Array.from(column.values as Float32Array), column.validity);
  const floats = new Float64Array(column.length);
  for (let row = 0; row < floats.length; row++) {
    const value = column.values[row]!;
    if ((value > LARGEST_EXACT || value < -LARGEST_EXACT) && isValid(column, row)) {
      throw new SchemaError('an integer is too large to be a number', {
        expected: `at most ${LARGEST_EXACT}`,
        found: String(value),
        where: rowOf(where, firstRow, row),
      });
    }
    floats[row] = Number(value);
  }
  return float64Column(floats, column.validity);
}

function rowOf(where: ErrorPlace, firstRow: number | null, row: number): ErrorPlace {
  return firstRow === null ? where : { ...where, row: firstRow + row };
}

/** Integer keys become decimal text, each distinct one once. */
function toText(column: Column): Column {
  const values = column.values as BigInt64Array | Int32Array;
  const codeOf = new Map<number | bigint, number>();
  const dictionary: string[] = [];
  const codes = new Int32Array(column.length);
  for (let row = 0; row < codes.length; row++) {
    if (!isValid(column, row)) continue;
    const value = values[row]!;
    let code = codeOf.get(value);
    if (code === undefined) {
      code = dictionary.length;
      codeOf.set(value, code);
      dictionary.push(String(value));
    }
    codes[row] = code;
  }
  return stringColumn(codes, dictionary, column.validity);
}

function toBool(column: Column, where: ErrorPlace, firstRow: number | null): Column {
  const bytes = new Uint8Array(column.length);
  for (let row = 0; row < bytes.length; row++) {
    if (!isValid(column, row)) continue;
    const value = column.values[row];
    if (value !== 0 && value !== 1)
      throw new SchemaError('a flag is neither 0 nor 1', {
        expected: '0 or 1',
        found: String(value),
        where: rowOf(where, firstRow, row),
      });
    bytes[row] = value;
  }
  return boolColumn(bytes, column.validity);
}
