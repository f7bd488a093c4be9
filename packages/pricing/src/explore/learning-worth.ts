/** What is known of a series whose discount may be explored. */
export interface LearningCase {
  /** What its plan earns, of all weeks: what is at stake. */
  readonly profit: number;
  /** Units demanded in the week at the planned discount, expected, and their variance over the squared mean besides the Poisson part. */
  readonly demand: number;
  readonly dispersion: number;
  /** Discounts that could be drawn, with the same probability. */
  readonly discounts: readonly number[];
}

/**
 * What a week of a series with a drawn discount is worth: the information s / (1/q + φ) on the elasticity for each unit of money at stake, with s the
 * variance of −log(1 − discount) among the discounts that could be drawn, 1/q + φ the variance of log demand. Where articles differ by less than
 * their own weeks can tell, a week says as much of all of them, whichever article it is of, so that it is bought where it is cheapest:
 * what a draw costs grows with what is at stake. It is a rank of articles, and no amount.
 * @param known of the series
 * @returns the worth, from 0
 */
export function learningWorth({ profit, demand, dispersion, discounts }: LearningCase): number {
  if (!(profit > 0 && demand > 0) || discounts.length < 2) return 0;
  const heights = discounts.map((discount) => -Math.log1p(-discount));
  const mean = heights.reduce((sum, each) => sum + each, 0) / heights.length;
  const spread = heights.reduce((sum, each) => sum + (each - mean) ** 2, 0) / heights.length;
  return spread / (1 / demand + dispersion) / profit;
}
