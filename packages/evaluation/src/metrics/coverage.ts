import type { QuantileColumn } from '@hemline/core';
import type { Metrics } from './error-sums.ts';

/**
 * How well quantiles are calibrated: `coverage10` is the share of rows whose observation is at most the 10 % quantile, 0.1 where
 * quantiles are what they say (Gneiting, Balabdaoui & Raftery 2007).
 */
export class Coverage {
  readonly #quantiles: readonly QuantileColumn[];
  readonly #below: Float64Array;
  #rows = 0;

  /** @param quantiles that the model declares */
  constructor(quantiles: readonly QuantileColumn[]) {
    this.#quantiles = quantiles;
    this.#below = new Float64Array(quantiles.length);
  }

  /**
   * @param actual units
   * @param forecasts the quantiles, by their number
   */
  add(actual: number, forecasts: (quantile: number) => number): void {
    this.#rows++;
    for (let i = 0; i < this.#below.length; i++) this.#below[i]! += Number(actual <= forecasts(i));
  }

  /** @returns a share for each quantile; none without quantiles */
  metrics(): Metrics {
    return Object.fromEntries(
      this.#quantiles.map(({ share }, i) => [
        `coverage${Number((100 * share).toPrecision(6))}`,
        this.#below[i]! / this.#rows,
      ]),
    );
  }
}
