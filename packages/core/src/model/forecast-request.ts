import type { Batch } from '../batch/batch.ts';
import type { Schema } from '../batch/schema.ts';
import type { DiscountGrid } from '../discounts/discount-grid.ts';
import type { Tables } from '../tables/tables.ts';
import type { Week } from '../weeks/week.ts';

/**
 * Which futures to forecast. `grid`: every item in every week of the horizon at every level. `planned`: exactly the rows
 * given (article, market, week, discount, blackPrice, future covariates), in their order.
 * Quantities without a week or discount in their key ignore it and forecast each item once.
 */
export type Scenarios =
  | {
      readonly kind: 'grid';
      readonly weeks: Int32Array;
      readonly discounts: DiscountGrid;
      readonly plan: Batch | null;
    }
  | { readonly kind: 'planned'; readonly rows: Batch };

/** What a fitted model is asked. */
export interface ForecastRequest {
  /** The last known week. `history` holds nothing later. */
  readonly cutoff: Week;
  /**
   * What to forecast, one row each: `article`, `market`, and the article's attributes (`group`, `brand`, `season`,
   * `launchWeek`, `seasonEndWeek`; null where unknown). Articles that the model has never seen are allowed.
   */
  readonly items: Batch;
  /** The tables of this partition as of the cutoff; only those that the model declares as inputs of `predict`. */
  readonly history: Tables;
  readonly scenarios: Scenarios;
  /** No batch given back has more rows than this. */
  readonly batchRows: number;
  readonly signal?: AbortSignal;
}

/** Forecasts as functions of the discount: one row for each item and week, whatever the number of discounts. */
export interface ForecastCurves {
  /** `article`, `market`, `week`, the coefficients as the model names and describes them, and `support`. */
  readonly output: Schema;
  /**
   * Evaluates curves.
   * @param curves rows with the columns of {@link output}
   * @param discounts at which
   * @returns what `predict` gives for these items, weeks and discounts: curve after curve, discounts rising, with the columns of
   *   the definition's `output`
   */
  evaluate(curves: Batch, discounts: DiscountGrid): Batch;
}

/** Which curves a fitted model is asked for: those of every item in every one of the weeks. */
export interface CurveRequest extends Omit<ForecastRequest, 'scenarios'> {
  readonly weeks: Int32Array;
  /** What is known ahead; null where nothing is. */
  readonly plan: Batch | null;
}
