import { columnOnDisk, roundDiscount, type Batch } from '@hemline/core';

/** Standard normal quantiles of the shares that forecasts have columns of. */
const NORMAL_90 = 1.2815515655446004;

/**
 * @param batch of forecasts, as a model gives it or as it lies on disk
 * @param name of a column in memory
 * @returns its name there; null where it is missing
 */
export function columnName(batch: Batch, name: string): string | null {
  if (batch.has(name)) return name;
  const onDisk = columnOnDisk(name);
  return batch.has(onDisk) ? onDisk : null;
}

/**
 * @param batch of forecasts
 * @param name of a column in memory
 * @returns its numbers, NaN where missing; null without the column
 */
export function optionalFloats(batch: Batch, name: string): Float64Array | null {
  const found = columnName(batch, name);
  return found === null ? null : batch.floats(found);
}

/**
 * Spread of demand from its 10 % and 90 % quantiles, of which the ratio of a log-normal distribution tells: high / low =
 * exp(2 · 1.2816 σ), and the variance is (exp(σ²) − 1) times the squared mean.
 * @param low quantile, above 0
 * @param high quantile
 * @returns variance over squared mean, the Poisson part in it
 */
export function dispersionOfQuantiles(low: number, high: number): number {
  const sigma = Math.log(high / low) / (2 * NORMAL_90);
  return Math.expm1(sigma * sigma);
}

/** Return rates of one table at the levels of a grid. */
export interface RateColumns {
  /** Discounts with a column of their own, rising; without any the rate is the same at all. */
  readonly discounts: readonly number[];
  readonly names: readonly string[];
}

/**
 * Finds the columns of return rates by discount, such as `returnRateAt20` or `return_rate_at20`.
 * @param batch of forecasts of the return rate
 * @returns discounts and columns
 */
export function rateColumns(batch: Batch): RateColumns {
  const found = batch.names
    .flatMap((name) => {
      const percent = /^(?:returnRateAt|return_rate_at)_?(\d+)$/.exec(name)?.[1];
      return percent === undefined ? [] : [{ name, discount: roundDiscount(Number(percent) / 100) }];
    })
    .sort((a, b) => a.discount - b.discount);
  return { discounts: found.map(({ discount }) => discount), names: found.map(({ name }) => name) };
}

/**
 * A value between two knots, linear; at and beyond the ends, that of the end.
 * @param knots rising
 * @param values at the knots
 * @param at where
 * @returns the value
 */
export function interpolate(knots: ArrayLike<number>, values: ArrayLike<number>, at: number): number {
  const last = knots.length - 1;
  if (at <= knots[0]!) return values[0]!;
  if (at >= knots[last]!) return values[last]!;
  let k = 1;
  while (knots[k]! < at) k++;
  const share = (at - knots[k - 1]!) / (knots[k]! - knots[k - 1]!);
  return values[k - 1]! + share * (values[k]! - values[k - 1]!);
}
