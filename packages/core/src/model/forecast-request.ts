import type { Batch } from '../batch/batch.ts';
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
