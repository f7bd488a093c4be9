/** Quantiles that forecasts come with, and the columns they are in. */
export const QUANTILES = [
  { column: 'demandLow', share: 0.1 },
  { column: 'demandMedian', share: 0.5 },
  { column: 'demandHigh', share: 0.9 },
] as const;

/** Standard normal quantiles of the shares. */
const NORMAL: Readonly<Record<number, number>> = {
  0.1: -1.2815515655446004,
  0.5: 0,
  0.9: 1.2815515655446004,
};

/**
 * A quantile of weekly demand that is log-normal: with mean m and variance φ m², log demand has the variance
 * σ² = log(1 + φ) and the mean log m − σ² / 2.
 * @param mean of demand
 * @param dispersion φ
 * @param share 0.1, 0.5 or 0.9
 * @returns units in the week
 */
export function demandQuantile(mean: number, dispersion: number, share: number): number {
  const variance = Math.log1p(dispersion);
  return mean * Math.exp(NORMAL[share]! * Math.sqrt(variance) - variance / 2);
}
