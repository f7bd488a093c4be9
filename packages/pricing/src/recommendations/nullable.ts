import { float64Column, validityWithout, type Float64Column } from '@hemline/core';

/**
 * A column whose NaN are missing. Always with a bitmap: batches of one table have one schema.
 * @param values numbers
 * @returns the column
 */
export function nullable(values: Float64Array): Float64Column {
  const missing = [...values.keys()].filter((row) => Number.isNaN(values[row]!));
  return float64Column(values, validityWithout(values.length, missing));
}
