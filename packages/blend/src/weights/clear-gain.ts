/** Where a part of the held-out rows lies: parts of the same weeks, or of the same articles, err together. */
export interface Cluster {
  readonly block: number;
  readonly fold: number;
}

/** Standard errors that a gain has to exceed. With four or five clusters a chance of 5 % is beyond about two. */
const CLEARLY = 2;

/**
 * Whether a gain is more than chance. Rows of a week share its weather, rows of an article its fate, so parts count as clusters of
 * weeks, and as clusters of articles; the larger standard error holds (Cameron & Miller 2015).
 * @param clusters of each part
 * @param gains of each part
 * @returns whether their sum is above two standard errors; not with fewer than two clusters of either kind
 */
export function isClearGain(clusters: readonly Cluster[], gains: readonly number[]): boolean {
  const sum = gains.reduce((a, b) => a + b, 0);
  return (
    sum > CLEARLY * clusteredError(clusters, gains, ({ block }) => block) &&
    sum > CLEARLY * clusteredError(clusters, gains, ({ fold }) => fold)
  );
}

/** Standard error of a sum over clusters. */
function clusteredError(
  clusters: readonly Cluster[],
  gains: readonly number[],
  keyOf: (cluster: Cluster) => number,
): number {
  const sums = new Map<number, number>();
  clusters.forEach((cluster, i) => {
    const key = keyOf(cluster);
    sums.set(key, (sums.get(key) ?? 0) + gains[i]!);
  });
  if (sums.size < 2) return Infinity;
  const mean = gains.reduce((a, b) => a + b, 0) / sums.size;
  let squares = 0;
  for (const value of sums.values()) squares += (value - mean) ** 2;
  return Math.sqrt((squares * sums.size) / (sums.size - 1));
}
