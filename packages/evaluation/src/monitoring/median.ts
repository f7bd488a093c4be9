/** Parts of a dimension from which on their median tells what all have in common. */
export const PARTS_WITH_A_COMMON = 4;

/**
 * @param values at least one
 * @returns the middle one, or the mean of the two in the middle
 */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * Takes off what all parts have in common: their median, where at least four are known.
 * @param values of the parts, NaN where not known
 * @returns the rest
 */
export function centred(values: ArrayLike<number>): number[] {
  const all = Array.from(values);
  const known = all.filter(Number.isFinite);
  if (known.length < PARTS_WITH_A_COMMON) return all;
  const common = median(known);
  return all.map((value) => value - common);
}
