/** The share of sold units that come back, as a function of the discount. */
export interface ReturnRate {
  /** Logit of the rate without a discount. */
  readonly logit: number;
  /** What a discount of 100 % would add to the logit. */
  readonly discountSlope: number;
}

/**
 * @param rate the article's parameters in the market
 * @param discount in [0, 1)
 * @returns a probability
 */
export function returnProbability(rate: ReturnRate, discount: number): number {
  return 1 / (1 + Math.exp(-rate.logit - rate.discountSlope * discount));
}

/**
 * @param probability in (0, 1)
 * @returns its log odds
 */
export function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}
