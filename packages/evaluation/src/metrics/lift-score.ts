import type { Metrics } from './error-sums.ts';

/** Sums over curves at one discount. */
interface LiftSums {
  count: number;
  forecast: number;
  truth: number;
  forecastSquares: number;
  truthSquares: number;
  products: number;
}

/**
 * Scores the response to the price apart from the level of demand, where the truth is known: the log lift of a discount is
 * log q(d) − log q(0). By discount, over the curves added: `liftBias30` = Σ forecast lift / Σ true lift − 1 and
 * `liftCorrelation30`, the correlation of forecast and true lifts (NaN where either is the same for all); `liftBias` and
 * `liftCorrelation` are their means over the discounts.
 */
export class LiftScore {
  readonly #discounts: readonly number[];
  readonly #sums: readonly LiftSums[];

  /** @param discounts that lifts are scored at, above 0 */
  constructor(discounts: readonly number[]) {
    this.#discounts = discounts;
    this.#sums = discounts.map(() => ({
      ...{ count: 0, forecast: 0, truth: 0 },
      ...{ forecastSquares: 0, truthSquares: 0, products: 0 },
    }));
  }

  /** Curves added. */
  get curves(): number {
    return this.#sums[0]?.count ?? 0;
  }

  /**
   * Adds the curve of a series.
   * @param forecast log lift at each of the discounts
   * @param truth likewise
   */
  add(forecast: ArrayLike<number>, truth: ArrayLike<number>): void {
    this.#sums.forEach((sums, at) => {
      const [f, t] = [forecast[at]!, truth[at]!];
      sums.count++;
      sums.forecast += f;
      sums.truth += t;
      sums.forecastSquares += f * f;
      sums.truthSquares += t * t;
      sums.products += f * t;
    });
  }

  /** @returns bias and correlation by discount, and their means; none without curves */
  metrics(): Metrics {
    if (this.curves === 0) return {};
    const metrics: Metrics = {};
    const [biases, correlations]: [number[], number[]] = [[], []];
    this.#sums.forEach((sums, at) => {
      const { count, forecast, truth } = sums;
      const bias = forecast / truth - 1;
      const covariance = sums.products - (forecast * truth) / count;
      const spread = Math.sqrt(
        (sums.forecastSquares - forecast ** 2 / count) * (sums.truthSquares - truth ** 2 / count),
      );
      const correlation = spread > 1e-12 * count ? covariance / spread : NaN;
      const percent = Number((100 * this.#discounts[at]!).toPrecision(6));
      metrics[`liftBias${percent}`] = bias;
      metrics[`liftCorrelation${percent}`] = correlation;
      biases.push(bias);
      correlations.push(correlation);
    });
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    return { liftBias: mean(biases), liftCorrelation: mean(correlations), ...metrics };
  }
}
