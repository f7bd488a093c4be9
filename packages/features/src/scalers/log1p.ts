import { DataError } from '@hemline/core';

/**
 * The logarithm of one more: 0 stays 0, large numbers come closer.
 * @param values above −1; NaN is missing and stays
 * @param out where to, may be `values`
 * @returns `out`
 * @throws DataError for a value of −1 or less
 */
export function log1p(
  values: Float64Array,
  out: Float64Array = new Float64Array(values.length),
): Float64Array {
  for (let row = 0; row < values.length; row++) {
    if (values[row]! <= -1) {
      throw new DataError('a number has no logarithm', {
        expected: 'numbers above −1',
        found: String(values[row]),
        where: { row },
      });
    }
    out[row] = Math.log1p(values[row]!);
  }
  return out;
}

/**
 * The inverse of {@link log1p}. The inverse of a mean of logarithms is no mean: forecasts made so are too low.
 * @param values any
 * @param out where to, may be `values`
 * @returns `out`
 */
export function expm1(
  values: Float64Array,
  out: Float64Array = new Float64Array(values.length),
): Float64Array {
  for (let row = 0; row < values.length; row++) out[row] = Math.expm1(values[row]!);
  return out;
}
