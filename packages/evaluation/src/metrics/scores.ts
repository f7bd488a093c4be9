import type { QuantileColumn } from '@hemline/core';
import { CompensatedSum } from './compensated-sum.ts';
import { Coverage } from './coverage.ts';
import { ErrorSums, type Metrics } from './error-sums.ts';

/** Something that is scored row by row. */
export interface Score {
  readonly rows: number;
  /** @returns the metrics of the rows added so far */
  metrics(): Metrics;
}

/** A score that also tells what was forecast and observed on average. */
export interface SegmentScore extends Score {
  /** @returns averages of forecast and observation, and the weight behind them */
  means(): { readonly meanForecast: number; readonly meanActual: number; readonly weight: number };
}

function means({ meanForecast, meanActual, weight }: ErrorSums): ReturnType<SegmentScore['means']> {
  return { meanForecast, meanActual, weight };
}

/** A forecast's quantiles, by their number. */
export type QuantileOf = (quantile: number) => number;

const noQuantile: QuantileOf = (quantile) => {
  throw new RangeError(`expected quantile ${quantile} of the forecast, found none`);
};

/**
 * Scores demand. `demandError` = sqrt( Σ b (q̂ − q)² / Σ b q² ) and `demandBias` = Σ b (q̂ − q) / Σ b q weigh a row by its
 * black price b; `rmse`, `mae` (units) and `wape` weigh every row alike. Of models with quantiles, `coverage10` and the like as well.
 */
export class DemandScore implements SegmentScore {
  readonly #byValue = new ErrorSums();
  readonly #plain = new ErrorSums();
  readonly #coverage: Coverage;

  /** @param quantiles that the model declares; none by default */
  constructor(quantiles: readonly QuantileColumn[] = []) {
    this.#coverage = new Coverage(quantiles);
  }

  get rows(): number {
    return this.#plain.rows;
  }

  /**
   * @param forecast units
   * @param actual units
   * @param blackPrice the row's
   * @param quantiles the forecast's, by their number; needed of a model that declares some
   */
  add(forecast: number, actual: number, blackPrice: number, quantiles: QuantileOf = noQuantile): void {
    this.#byValue.add(forecast, actual, blackPrice);
    this.#plain.add(forecast, actual, 1);
    this.#coverage.add(actual, quantiles);
  }

  metrics(): Metrics {
    const { rmse, mae, wape } = this.#plain;
    const [demandError, demandBias] = [this.#byValue.relativeError, this.#byValue.bias];
    return { demandError, demandBias, rmse, mae, wape, ...this.#coverage.metrics() };
  }

  /** Units, every row alike: the weight is the number of rows. */
  means(): ReturnType<SegmentScore['means']> {
    return means(this.#plain);
  }
}

/**
 * Scores a quantity with one or more values: `rmse`, `mae`, `wape` and `bias` over all of them, weighted by units; with
 * more than one value, also those of each, such as `shippingCostRmse`.
 */
export class WeightedScore implements SegmentScore {
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

  /** Over all values, weighted by units. */
  means(): ReturnType<SegmentScore['means']> {
    return means(this.#all);
  }
}

function weighted({ rmse, mae, wape, bias }: ErrorSums): Metrics {
  return { rmse, mae, wape, bias };
}

/** Forecasts of 0 and 1 are taken for this far from them: one unit that proves them wrong would cost infinitely much. */
const CERTAIN = 1e-6;

/**
 * Scores shares of units, such as return rates: as {@link WeightedScore}, and `logLoss` (nats) and `brier`, which are those of
 * single units that come back or do not. Both are proper: no forecast but the true probability is expected to do better.
 */
export class ShareScore implements SegmentScore {
  readonly #sums = new ErrorSums();
  readonly #logLoss = new CompensatedSum();
  readonly #brier = new CompensatedSum();
  readonly #units = new CompensatedSum();

  get rows(): number {
    return this.#sums.rows;
  }

  /**
   * @param _value its name: there is one
   * @param forecast share
   * @param actual share
   * @param units behind the actual
   */
  add(_value: string, forecast: number, actual: number, units: number): void {
    this.#sums.add(forecast, actual, units);
    const p = Math.min(1 - CERTAIN, Math.max(CERTAIN, forecast));
    this.#logLoss.add(-units * (actual * Math.log(p) + (1 - actual) * Math.log1p(-p)));
    this.#brier.add(units * (actual * (1 - forecast) ** 2 + (1 - actual) * forecast ** 2));
    this.#units.add(units);
  }

  metrics(): Metrics {
    const units = this.#units.value;
    return {
      ...weighted(this.#sums),
      logLoss: this.#logLoss.value / units,
      brier: this.#brier.value / units,
    };
  }

  /** Weighted by units. */
  means(): ReturnType<SegmentScore['means']> {
    return means(this.#sums);
  }
}
