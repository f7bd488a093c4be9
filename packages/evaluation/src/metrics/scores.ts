import { ErrorSums, type Metrics } from './error-sums.ts';

/** Something that is scored row by row. */
export interface Score {
  readonly rows: number;
  /** @returns the metrics of the rows added so far */
  metrics(): Metrics;
}

/**
 * Scores demand. `demandError` = sqrt( Σ b (q̂ − q)² / Σ b q² ) and `demandBias` = Σ b (q̂ − q) / Σ b q weigh a row by its
 * black price b; `rmse`, `mae` (units) and `wape` weigh every row alike.
 */
export class DemandScore implements Score {
  readonly #byValue = new ErrorSums();
  readonly #plain = new ErrorSums();

  get rows(): number {
    return this.#plain.rows;
  }

  /**
   * @param forecast units
   * @param actual units
   * @param blackPrice the row's
   */
  add(forecast: number, actual: number, blackPrice: number): void {
    this.#byValue.add(forecast, actual, blackPrice);
    this.#plain.add(forecast, actual, 1);
  }

  metrics(): Metrics {
    const { rmse, mae, wape } = this.#plain;
    return { demandError: this.#byValue.relativeError, demandBias: this.#byValue.bias, rmse, mae, wape };
  }
}

/**
 * Scores a quantity with one or more values: `rmse`, `mae`, `wape` and `bias` over all of them, weighted by units; with
 * more than one value, also those of each, such as `shippingCostRmse`.
 */
export class WeightedScore implements Score {
  readonly #all = new ErrorSums();
  readonly #single: ReadonlyMap<string, ErrorSums>;

  /** @param values names of the quantity's values */
  constructor(values: readonly string[]) {
    this.#single = new Map(values.map((name) => [name, new ErrorSums()]));
  }

  get rows(): number {
    return this.#all.rows;
  }

  /**
   * @param value its name
   * @param forecast of it
   * @param actual of it
   * @param units behind the actual
   */
  add(value: string, forecast: number, actual: number, units: number): void {
    this.#all.add(forecast, actual, units);
    this.#single.get(value)!.add(forecast, actual, units);
  }

  metrics(): Metrics {
    const metrics: Metrics = weighted(this.#all);
    if (this.#single.size === 1) return metrics;
    for (const [value, sums] of this.#single) {
      for (const [name, metric] of Object.entries(weighted(sums)))
        metrics[`${value}${name[0]!.toUpperCase()}${name.slice(1)}`] = metric;
    }
    return metrics;
  }
}

function weighted({ rmse, mae, wape, bias }: ErrorSums): Metrics {
  return { rmse, mae, wape, bias };
}
