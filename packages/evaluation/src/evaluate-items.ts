import {
  betweenWeeks,
  collect,
  HemlineError,
  itemsOf,
  KeyIndex,
  knownAheadColumns,
  memoryTable,
  QUANTITIES,
  SERIES_KEY,
  weeksAhead,
  type Batch,
  type QuantityName,
  type Tables,
} from '@hemline/core';
import { fulfillmentCostActuals, residualValueActuals } from './actuals/cost-actuals.ts';
import { returnRateActuals, returnTimeActuals } from './actuals/return-actuals.ts';
import type { ItemActuals } from './actuals/item-actuals.ts';
import type { Evaluation } from './evaluation.ts';
import { ClusteredError, articleGroups } from './metrics/clustered-error.ts';
import { emptyItemScore, type ItemScore } from './metrics/item-score.ts';
import { ScoreSheet, type ScoreTable } from './score-table.ts';
import { ItemSegments } from './segments/item-segments.ts';
import { lastWeekOf, type EvaluationWindow } from './window.ts';

/** How the observations of each quantity without a week in its key are built. */
const ACTUALS: Readonly<
  Record<
    Exclude<QuantityName, 'demand'>,
    (tables: Tables, window: EvaluationWindow, signal?: AbortSignal) => Promise<ItemActuals>
  >
> = {
  'return-rate': returnRateActuals,
  'return-time': returnTimeActuals,
  'fulfillment-cost': fulfillmentCostActuals,
  'residual-value': residualValueActuals,
};

/**
 * Forecasts every item that was observed in the window and scores it by its units. `wapeStandardError` is what the wape would
 * scatter by had other articles been scored.
 * @param evaluation model, data and window
 * @returns the scores
 * @throws DataError when nothing was observed in the window
 */
export async function evaluateItems(evaluation: Evaluation): Promise<ScoreTable> {
  const { model, fitted, tables, history, window, batchRows, segment, allSegments, signal } = evaluation;
  const quantity = model.quantity as Exclude<QuantityName, 'demand'>;
  const actuals = await ACTUALS[quantity](tables, window, signal);
  const observed = memoryTable('weekly', [actuals.items]);
  const items = await itemsOf(observed, tables.find('articles'), tables.find('markets'));
  const { values } = QUANTITIES[quantity];
  const score = (): ItemScore => emptyItemScore(quantity);
  const sheet = new ScoreSheet(score, segment);
  const segments = sheet.segmentsOf(items);
  const parts = allSegments ? new ItemSegments(quantity, score, items, window.cutoff) : null;
  const join = new ItemJoin(model.name, actuals);
  const clusters = new ClusteredError();
  const groups = articleGroups(actuals.items);
  const weeks = weeksAhead(window.cutoff, window.horizon);
  const plan = await planOf(tables, window, signal);
  const scenarios = { kind: 'grid', weeks, discounts: Float64Array.of(0), plan } as const;
  for await (const batch of fitted.predict({
    cutoff: window.cutoff,
    items,
    history,
    scenarios,
    batchRows,
    signal,
  })) {
    const cells = join.cellsOf(batch);
    for (const value of values) {
      const { actual, units } = actuals.values[value]!;
      const forecasts = batch.floats(value);
      for (let row = 0; row < batch.length; row++) {
        const cell = cells[row]!;
        join.checkFinite(value, forecasts[row]!);
        // Nothing was observed of this value: another one of the item was.
        if (units[cell] === 0) continue;
        const item = Math.floor(cell / actuals.width);
        const add = (score: ItemScore): void =>
          score.add(value, forecasts[row]!, actual[cell]!, units[cell]!);
        const error = Math.abs(forecasts[row]! - actual[cell]!);
        clusters.add(groups[item]!, units[cell]! * error, units[cell]! * actual[cell]!);
        sheet.add(segments === null ? -1 : segments[item]!, 0, add);
        parts?.add({ item, lag: cell % actuals.width, forecast: forecasts[row]!, add });
      }
    }
  }
  join.checkComplete();
  const table = sheet.table(parts?.table());
  return { ...table, metrics: { ...table.metrics, wapeStandardError: clusters.standardError } };
}

/** What was planned for the weeks of the window: as in a forecast, models are told. */
async function planOf(tables: Tables, window: EvaluationWindow, signal?: AbortSignal): Promise<Batch | null> {
  const weekly = tables.find('weekly');
  if (weekly === undefined) return null;
  const planned = betweenWeeks(weekly, 'week', window.cutoff, lastWeekOf(window));
  const plan = await collect(planned, { columns: knownAheadColumns(weekly.schema), signal });
  return plan.length === 0 ? null : plan;
}

/** Finds the observation of each forecast, and sees to it that each is forecast once. */
class ItemJoin {
  readonly #model: string;
  readonly #width: number;
  readonly #index = new KeyIndex(SERIES_KEY);
  readonly #seen: Uint8Array;

  constructor(model: string, actuals: ItemActuals) {
    this.#model = model;
    this.#width = actuals.width;
    this.#index.add(actuals.items);
    this.#seen = new Uint8Array(actuals.items.length * actuals.width);
  }

  /** The observation of each row: item × width + lag. */
  cellsOf(batch: Batch): Int32Array {
    const items = this.#index.find(batch);
    const lags = this.#width === 1 ? null : batch.numbers('lag').values;
    return items.map((item, row) => {
      const lag = lags === null ? 0 : lags[row]!;
      const cell = item * this.#width + lag;
      if (item === -1 || !(lag >= 0 && lag < this.#width) || this.#seen[cell] === 1) {
        throw new HemlineError(`${this.#model} forecast something that was not asked, or twice`, {
          expected: 'every item (and lag) once',
          found: `row ${row} of a batch${lags === null ? '' : ` with lag ${lag}`}`,
        });
      }
      this.#seen[cell] = 1;
      return cell;
    });
  }

  checkFinite(value: string, forecast: number): void {
    if (Number.isFinite(forecast)) return;
    throw new HemlineError(`${this.#model} gave a forecast that is no number`, {
      expected: `a finite ${value}`,
      found: `${forecast}`,
    });
  }

  checkComplete(): void {
    const missing = this.#seen.indexOf(0);
    if (missing === -1) return;
    const item = Math.floor(missing / this.#width);
    throw new HemlineError(`${this.#model} left an item without a forecast`, {
      expected: 'every item (and lag) once',
      found: `none for article ${this.#index.text(item, 0)}, market ${this.#index.text(item, 1)}`,
    });
  }
}
