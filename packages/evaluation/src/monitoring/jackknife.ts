import { ARTICLE_GROUPS } from './ratio-panel.ts';

/** A statistic of groups of articles, and how far it would scatter with other articles. */
export interface Jackknifed {
  readonly value: number;
  readonly error: number;
  /** Groups that had anything. */
  readonly groups: number;
}

/**
 * The delete-a-group jackknife: leaves out one group of articles after the other. Whatever correlates within an article (its
 * weeks, its markets) is in its group, so that the error is clustered by article
 * (Kott 2001, The delete-a-group jackknife, Journal of Official Statistics 17).
 * @param sums numerator and denominator of each group, of one or more windows
 * @param statistic of the totals: numerator and denominator of each window, in turn
 * @returns the statistic and its standard error
 */
export function jackknife(
  sums: readonly Float64Array[],
  statistic: (totals: readonly number[]) => number,
): Jackknifed {
  const all = sums.flatMap(totals);
  const value = statistic(all);
  const without: number[] = [];
  const rest = [...all];
  for (let group = 0; group < ARTICLE_GROUPS; group++) {
    let isEmpty = true;
    for (let i = 0; i < all.length; i++) {
      const own = sums[i >> 1]![2 * group + (i % 2)]!;
      if (own !== 0) isEmpty = false;
      rest[i] = all[i]! - own;
    }
    if (!isEmpty) without.push(statistic(rest));
  }
  const groups = without.length;
  const squares = without.reduce((sum, other) => sum + (other - value) ** 2, 0);
  return { value, error: groups < 2 ? NaN : Math.sqrt(((groups - 1) / groups) * squares), groups };
}

/**
 * @param sums numerator and denominator of each group, in turn
 * @returns those of all
 */
export function totals(sums: Float64Array): [number, number] {
  const total: [number, number] = [0, 0];
  for (let i = 0; i < sums.length; i++) total[i % 2]! += sums[i]!;
  return total;
}
