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

/** Lags at which a unit can come back: 0 to 14 weeks, what a right of return of 100 days allows. */
export const RETURN_LAGS = 15;

/** The higher, the narrower the distribution of the delay. */
const SIZE = 3;

/**
 * The distribution of the weeks from a sale until the returned unit is sellable again: negative binomial with a given
 * mean, cut off after the last lag and scaled to sum 1 (which lowers the mean a little).
 * @param meanWeeks mean before the cut, positive
 * @returns share of the returned units by lag; `RETURN_LAGS` long
 */
export function returnDelayShares(meanWeeks: number): Float64Array {
  const shares = new Float64Array(RETURN_LAGS);
  const p = meanWeeks / (meanWeeks + SIZE);
  let mass = (1 - p) ** SIZE;
  let sum = 0;
  for (let lag = 0; lag < RETURN_LAGS; lag++) {
    shares[lag] = mass;
    sum += mass;
    mass *= (p * (lag + SIZE)) / (lag + 1);
  }
  return shares.map((share) => share / sum);
}
