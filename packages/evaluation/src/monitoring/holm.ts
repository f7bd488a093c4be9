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
