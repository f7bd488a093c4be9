/** Error and bias of some forecasts, as the glossary defines them. */
export interface Scores {
  readonly rows: number;
  /** sqrt( Σ b (q̂ − q)² / Σ b q² ) */
  readonly error: number;
  /** Σ b (q̂ − q) / Σ b q */
  readonly bias: number;
}

/** The sums that error and bias are made of, with black price b, forecast q̂ and observed (or true) demand q. */
export interface ErrorSums {
  /** Σ b (q̂ − q)² */
  readonly squares: number;
  /** Σ b q² */
  readonly truthSquares: number;
}

/** Sums up forecasts beside the truth. */
export class ForecastScores implements ErrorSums {
  rows = 0;
  squares = 0;
  truthSquares = 0;
  #differences = 0;
  #truth = 0;

  /**
   * @param forecast units
   * @param truth units
   * @param weight the black price
   */
  add(forecast: number, truth: number, weight: number): void {
    this.rows++;
    this.squares += weight * (forecast - truth) ** 2;
    this.#differences += weight * (forecast - truth);
    this.truthSquares += weight * truth ** 2;
    this.#truth += weight * truth;
  }

  /** @returns error and bias of what was added */
  get scores(): Scores {
    return {
      rows: this.rows,
      error: Math.sqrt(this.squares / this.truthSquares),
      bias: this.#differences / this.#truth,
    };
  }
}
