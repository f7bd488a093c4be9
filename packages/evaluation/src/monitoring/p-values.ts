/**
 * Adjusts p-values so that rejecting all that are at most α is wrong anywhere with probability at most α, however the tests
 * depend on each other (Holm 1979, A simple sequentially rejective multiple test procedure).
 * @param pValues of all tests
 * @returns adjusted p-values, in the same order
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = new Array<number>(pValues.length);
  let least = 0;
  order.forEach((test, rank) => {
    least = Math.max(least, Math.min(1, pValues[test]! * (pValues.length - rank)));
    adjusted[test] = least;
  });
  return adjusted;
}

/** Below this the tangent is its limit, and above 1 less this as well. */
const SMALLEST = 1e-15;

/**
 * Combines p-values of tests that depend on each other in a way that is not known (Liu & Xie 2020, Cauchy combination test): tests
 * that agree cost nothing, unlike with Bonferroni.
 * @param pValues at least one
 * @returns one p-value
 */
export function combineP(pValues: readonly number[]): number {
  const mean =
    pValues.reduce((sum, p) => {
      const inside = Math.min(1 - SMALLEST, Math.max(SMALLEST, p));
      return sum + 1 / Math.tan(Math.PI * inside);
    }, 0) / pValues.length;
  // The same as ½ − arctan(mean) / π, without losing small values.
  return Math.atan2(1, mean) / Math.PI;
}
