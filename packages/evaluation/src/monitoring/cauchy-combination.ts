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
