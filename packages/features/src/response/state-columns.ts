/**
 * A piecewise linear basis: how much of each segment between the knots is reached. What is not known reaches none.
 * @param values any numbers
 * @param knots rising
 * @returns one column a segment
 */
export function hinges(values: Float64Array, knots: readonly number[]): Float64Array[] {
  return knots.slice(1).map((high, i) => {
    const low = knots[i]!;
    return values.map((value) =>
      Number.isNaN(value) ? 0 : Math.max(low, Math.min(high, value)) - Math.max(low, Math.min(high, 0)),
    );
  });
}

/** Numbers are confined to so many deviations: one garbage value must not decide a regression. */
const MOST = 6;

/**
 * @param values any numbers
 * @returns deviations from their mean in units of their standard deviation; 0 where missing, or where nothing varies
 */
export function standardised(values: Float64Array): Float64Array {
  let [count, mean, squares] = [0, 0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    count++;
    const change = value - mean;
    mean += change / count;
    squares += change * (value - mean);
  }
  const deviation = Math.sqrt(squares / Math.max(1, count));
  if (!(deviation > 1e-9 * Math.max(1, Math.abs(mean)))) return new Float64Array(values.length);
  return values.map((value) =>
    Number.isNaN(value) ? 0 : Math.max(-MOST, Math.min(MOST, (value - mean) / deviation)),
  );
}
