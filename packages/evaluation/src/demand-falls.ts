import {
  concatBatches,
  DEFAULT_DISCOUNTS,
  filterRows,
  HemlineError,
  KeyIndex,
  parseDiscountGrid,
  SERIES_KEY,
  takeRows,
  type Batch,
} from '@hemline/core';
import type { Evaluation } from './evaluation.ts';

/** Curves that are looked at: enough to see a model that is not monotone, few enough to cost seconds. */
const MOST_SERIES = 500;

/** How often demand falls as the discount rises: a price optimiser that meets such a curve discounts without end, or not at all. */
export interface DemandFalls {
  /** Curves, one of a series and week, on which demand falls somewhere. */
  readonly falling: number;
  /** Curves that were looked at. */
  readonly curves: number;
}

/**
 * Asks for the whole grid of some of the series that are scored, and counts the curves on which demand falls from one discount to
 * the next, by however little.
 * @param evaluation model, history, window
 * @param items of the rows
 * @param rows what was known ahead of the rows that are scored
 * @returns the counts
 * @throws HemlineError when the model leaves curves out
 */
export async function demandFalls(
  { model, fitted, history, window, batchRows, signal }: Evaluation,
  items: Batch,
  rows: Batch,
): Promise<DemandFalls> {
  const some = takeRows(items, evenly(items.length, MOST_SERIES));
  const index = new KeyIndex(SERIES_KEY);
  index.add(some);
  const known = index.find(rows);
  const plan = filterRows(rows, (row) => known[row] !== -1);
  const weeks = Int32Array.from(new Set(plan.weeks('week'))).sort();
  const discounts = parseDiscountGrid(DEFAULT_DISCOUNTS);
  const scenarios = { kind: 'grid', weeks, discounts, plan } as const;
  const batches: Batch[] = [];
  for await (const batch of fitted.predict({
    cutoff: window.cutoff,
    items: some,
    history,
    scenarios,
    batchRows,
    signal,
  }))
    batches.push(batch.select([...SERIES_KEY, 'week', 'discount', 'demand']));
  const curves = some.length * weeks.length;
  const found = batches.reduce((sum, batch) => sum + batch.length, 0);
  if (found !== curves * discounts.length)
    throw new HemlineError(`${model.name} left discounts without a forecast`, {
      expected: `${curves} curves of ${discounts.length} discounts`,
      found: `${found} forecasts`,
    });
  return { falling: countFalling(concatBatches(batches)), curves };
}

function countFalling(forecasts: Batch): number {
  const series = new KeyIndex(SERIES_KEY).add(forecasts);
  const weeks = forecasts.weeks('week');
  const [discount, demand] = [forecasts.floats('discount'), forecasts.floats('demand')];
  // A model may give the discounts of a curve in whatever order it likes.
  const order = Uint32Array.from(discount.keys()).sort(
    (a, b) => series[a]! - series[b]! || weeks[a]! - weeks[b]! || discount[a]! - discount[b]!,
  );
  let falling = 0;
  let counted = false;
  for (let i = 1; i < order.length; i++) {
    const [low, high] = [order[i - 1]!, order[i]!];
    const isSameCurve = series[low] === series[high] && weeks[low] === weeks[high];
    if (!isSameCurve) counted = false;
    // Not `<`: what is no number does not rise either.
    else if (!counted && !(demand[high]! >= demand[low]!)) {
      counted = true;
      falling++;
    }
  }
  return falling;
}

/** At most so many of `count` numbers, spread evenly. */
function evenly(count: number, most: number): Uint32Array {
  const taken = Math.min(count, most);
  return Uint32Array.from({ length: taken }, (_, i) => Math.floor((i * count) / taken));
}
