import { CompensatedSum } from './compensated-sum.ts';

/** Metrics by name. A metric that divides by what was observed is NaN where that is zero. */
export type Metrics = Record<string, number>;

/**
 * Sums over forecasts q̂, observations q and weights w, from which every metric follows. Constant memory; one pass.
 */
export class ErrorSums {
  #rows = 0;
  readonly #weight = new CompensatedSum();
  readonly #squared = new CompensatedSum();
  readonly #absolute = new CompensatedSum();
  readonly #signed = new CompensatedSum();
  readonly #actual = new CompensatedSum();
  readonly #actualSquared = new CompensatedSum();

  /** Rows added. */
  get rows(): number {
    return this.#rows;
  }

  /**
   * Adds one row.
   * @param forecast q̂
   * @param actual q
   * @param weight w, at least 0
   */
  add(forecast: number, actual: number, weight: number): void {
    const error = forecast - actual;
    this.#rows++;
    this.#weight.add(weight);
    this.#squared.add(weight * error * error);
    this.#absolute.add(weight * Math.abs(error));
    this.#signed.add(weight * error);
    this.#actual.add(weight * actual);
    this.#actualSquared.add(weight * actual * actual);
  }

  /** Σ w. */
  get weight(): number {
    return this.#weight.value;
  }

  /** Σ w q̂ / Σ w, in the quantity's unit. */
  get meanForecast(): number {
    return ratio(this.#signed.value + this.#actual.value, this.#weight.value);
  }

  /** Σ w q / Σ w, in the quantity's unit. */
  get meanActual(): number {
    return ratio(this.#actual.value, this.#weight.value);
  }

  /** Root mean squared error: sqrt( Σ w (q̂ − q)² / Σ w ), in the quantity's unit. */
  get rmse(): number {
    return Math.sqrt(this.#squared.value / this.#weight.value);
  }

  /** Mean absolute error: Σ w |q̂ − q| / Σ w, in the quantity's unit. */
  get mae(): number {
    return this.#absolute.value / this.#weight.value;
  }

  /** Weighted absolute percentage error: Σ w |q̂ − q| / Σ w q, a fraction. */
  get wape(): number {
    return ratio(this.#absolute.value, this.#actual.value);
  }

  /** Bias: Σ w (q̂ − q) / Σ w q, a fraction; above 0 where too much is forecast. */
  get bias(): number {
    return ratio(this.#signed.value, this.#actual.value);
  }

  /** Relative root squared error: sqrt( Σ w (q̂ − q)² / Σ w q² ); 1 is what forecasting zero scores. */
  get relativeError(): number {
    return Math.sqrt(ratio(this.#squared.value, this.#actualSquared.value));
  }
}

function ratio(numerator: number, denominator: number): number {
  return denominator === 0 ? NaN : numerator / denominator;
}
