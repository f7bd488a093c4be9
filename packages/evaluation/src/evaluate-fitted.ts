import {
  TABLES,
  Tables,
  UnsupportedError,
  type AnyModel,
  type FittedModel,
  type TableName,
} from '@hemline/core';
import { evaluateDemand } from './evaluate-demand.ts';
import { evaluateItems } from './evaluate-items.ts';
import type { ScoreTable } from './score-table.ts';
import type { EvaluationWindow } from './window.ts';

/** How forecasts are compared. */
export interface EvaluateOptions {
  /** Rows of a batch that the model gives back; 65,536 by default. */
  readonly batchRows?: number;
  /** A string attribute of the items to split the scores by: `market`, `group`, `brand`, … */
  readonly segment?: string;
  /** Also by week ahead, near and far, discount band, market, group, history, age and so on, in `segments`; false by default. */
  readonly allSegments?: boolean;
  readonly signal?: AbortSignal;
}

/** Rows of a batch. */
const BATCH_ROWS = 65_536;

/**
 * Compares a fitted model's forecasts with what was observed in a window. The model is asked with the tables as of the
 * cutoff, so it must have been fitted on nothing later. Demand is forecast for exactly the observed rows (at their
 * discounts), everything else once per item.
 * @param model what was fitted
 * @param fitted the model after `fit` or `load`
 * @param tables all there is, the window's own weeks included
 * @param window what to forecast
 * @param options batch size, segment, signal
 * @returns the scores
 * @throws DataError when nothing was observed in the window
 * @throws UnsupportedError when the horizon is longer than the model's
 */
export async function evaluateFitted(
  model: AnyModel,
  fitted: FittedModel,
  tables: Tables,
  window: EvaluationWindow,
  options: EvaluateOptions = {},
): Promise<ScoreTable> {
  const { maximumHorizon } = model.capabilities;
  if (model.quantity === 'demand' && maximumHorizon !== null && window.horizon > maximumHorizon) {
    throw new UnsupportedError(`${model.name} does not forecast so far ahead`, {
      expected: `a horizon of at most ${maximumHorizon} weeks`,
      found: `${window.horizon}`,
    });
  }
  const { batchRows = BATCH_ROWS, segment, allSegments = false, signal } = options;
  const declared = (Object.keys(TABLES) as TableName[]).filter(
    (name) => model.inputs.predict[name] !== undefined,
  );
  const known = tables.asOf(window.cutoff);
  const history = new Tables(declared.flatMap((name) => known.find(name) ?? []));
  const evaluation = { model, fitted, tables, history, window, batchRows, segment, allSegments, signal };
  return model.quantity === 'demand' ? evaluateDemand(evaluation) : evaluateItems(evaluation);
}
