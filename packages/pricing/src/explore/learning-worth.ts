/** What is believed of how far the response of an article lies from what is forecast: standard deviation of its elasticity. */
export const RESPONSE_DOUBT = 0.5;

/** What is known of a series whose discount may be explored. */
export interface LearningCase {
  /** What its plan earns, of all weeks: what is at stake. */
  readonly profit: number;
  /** Units demanded in the week at the planned discount, expected, and their variance over the squared mean besides the Poisson part. */
  readonly demand: number;
  readonly dispersion: number;
  /** Weeks of its own that the forecast rests on. */
  readonly support: number;
  /** Discounts that could be drawn, with the same probability. */
  readonly discounts: readonly number[];
}

/**
 * What one more week of an article with a drawn discount is worth: profit at stake × what the week takes off the variance of its elasticity.
 * That variance begins at {@link RESPONSE_DOUBT}², and each week adds the information s / (1/q + φ): s the variance of −log(1 − discount)
 * among the discounts that could be drawn, 1/q + φ the variance of log demand. Weeks of support count as if they had been drawn so. An error of
 * the elasticity costs profit with its square, hence variances. It is a rank of articles, and no amount.
 * @param known of the series
 * @returns the worth, from 0
 */
export function learningWorth({ profit, demand, dispersion, support, discounts }: LearningCase): number {
  if (!(profit > 0 && demand > 0) || discounts.length < 2) return 0;
  const heights = discounts.map((discount) => -Math.log1p(-discount));
  const mean = heights.reduce((sum, each) => sum + each, 0) / heights.length;
  const spread = heights.reduce((sum, each) => sum + (each - mean) ** 2, 0) / heights.length;
  const information = spread / (1 / demand + dispersion);
  const variance = (weeks: number): number => 1 / (1 / RESPONSE_DOUBT ** 2 + weeks * information);
  return profit * (variance(support) - variance(support + 1));
}
