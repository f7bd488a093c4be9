import type { Column, ColumnValues } from '../columns/column.ts';
import type { Field } from './schema.ts';

const VALUES = {
  float64: Float64Array,
  float32: Float32Array,
  int32: Int32Array,
  date: Int32Array,
  string: Int32Array,
  bool: Uint8Array,
  int64: BigInt64Array,
  timestamp: BigInt64Array,
  decimal: BigInt64Array,
} as const;

/**
 * A column of which every row is missing.
 * @param field its type, with unit or scale
 * @param length rows
 * @returns the column
 */
export function missingColumn(
  { type, unit = 'us', precision = 18, scale = 2 }: Field,
  length: number,
): Column {
  const values: ColumnValues = new VALUES[type](length);
  const validity = length === 0 ? null : new Uint8Array((length + 7) >> 3);
  const column = { type, length, values, validity };
  if (type === 'string') return { ...column, dictionary: [] } as unknown as Column;
  if (type === 'timestamp') return { ...column, unit } as Column;
  return (type === 'decimal' ? { ...column, precision, scale } : column) as Column;
}
