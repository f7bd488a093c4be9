import { LightgbmError } from '../lightgbm-error.ts';

/** Numbers that a column may hold. NaN is a missing value. */
export type NumericArray =
  Float32Array | Float64Array | Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array;

/** Rows and columns in one array. */
export interface Matrix {
  readonly values: Float32Array | Float64Array;
  readonly rows: number;
  readonly columns: number;
  /** Which of the two neighbours in memory: `row` when the values of a row do. */
  readonly layout: 'row' | 'column';
}

/** A column an array, all of the same length; of different types if need be. */
export interface Columns {
  readonly columns: readonly NumericArray[];
}

/** What LightGBM learns from and predicts. Neither form is copied as a whole. */
export type NumericTable = Matrix | Columns;

/** What LightGBM calls the types of numbers. */
export const TYPE_CODES = { float32: 0, float64: 1, int32: 2 } as const;

/**
 * @param table any
 * @returns whether it is a matrix
 */
export function isMatrix(table: NumericTable): table is Matrix {
  return 'values' in table;
}

/**
 * Checks that a table's arrays are as long as it says.
 * @param table any
 * @returns rows and columns
 * @throws LightgbmError when they are not
 */
export function shapeOf(table: NumericTable): { rows: number; columns: number } {
  if (isMatrix(table)) {
    const { values, rows, columns } = table;
    if (values.length !== rows * columns)
      throw new LightgbmError('a matrix is not as long as it says', {
        expected: `${rows} × ${columns} values`,
        found: `${values.length}`,
      });
    return { rows, columns };
  }
  const rows = table.columns[0]?.length ?? 0;
  const odd = table.columns.findIndex(({ length }) => length !== rows);
  if (odd !== -1)
    throw new LightgbmError('columns differ in length', {
      expected: `${rows} rows`,
      found: `${table.columns[odd]!.length} in column ${odd}`,
    });
  return { rows, columns: table.columns.length };
}

/**
 * @param values of a matrix or a field
 * @returns LightGBM's code of their type
 */
export function typeCode(values: Float32Array | Float64Array | Int32Array): number {
  if (values instanceof Float32Array) return TYPE_CODES.float32;
  return values instanceof Float64Array ? TYPE_CODES.float64 : TYPE_CODES.int32;
}

/**
 * Copies some rows of columns into a block, row by row.
 * @param columns of a table
 * @param start first row
 * @param count of rows
 * @param block receives count × columns values
 */
export function interleave(
  columns: readonly NumericArray[],
  start: number,
  count: number,
  block: Float64Array,
): void {
  const width = columns.length;
  for (let column = 0; column < width; column++) {
    const values = columns[column]!;
    for (let row = 0, to = column; row < count; row++, to += width) block[to] = values[start + row]!;
  }
}
