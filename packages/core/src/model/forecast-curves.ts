import type { Batch } from '../batch/batch.ts';
import type { Schema } from '../batch/schema.ts';
import type { DiscountGrid } from '../discounts/discount-grid.ts';
import type { ForecastRequest } from './forecast-request.ts';

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
