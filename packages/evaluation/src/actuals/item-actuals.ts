import { DataError, takeRows, type Batch, type QuantityName } from '@hemline/core';
import { formatWindow, type EvaluationWindow } from '../window.ts';
import type { ItemSums } from './item-sums.ts';

/** What was observed of a quantity in a window, item by item. */
export interface ItemActuals {
  /** `article` and `market`; every item has something observed. */
  readonly items: Batch;
  /** Observations of an item and value: 1, or the number of lags of a return time. */
  readonly width: number;
  /** By value of the quantity: the observation and its units, at `item × width + lag`. Where units are 0: nothing seen. */
  readonly values: Readonly<Record<string, { readonly actual: Float64Array; readonly units: Float64Array }>>;
}

/** How an observation follows from an item's sums: its value and the units behind it. */
export type Observe = (item: number, lag: number) => { readonly actual: number; readonly units: number };

/**
 * Turns sums into observations, leaving out items without any.
 * @param sums by item
 * @param width observations of an item
 * @param observe by value
 * @returns the actuals
 */
export function itemActuals(
  sums: ItemSums,
  width: number,
  observe: Readonly<Record<string, Observe>>,
): ItemActuals {
  const all = Object.values(observe);
  const kept = Array.from({ length: sums.size }, (_, item) => item).filter((item) =>
    all.some((one) => Array.from({ length: width }, (_, lag) => one(item, lag).units > 0).includes(true)),
  );
  const values = Object.entries(observe).map(([name, one]) => {
    const actual = new Float64Array(kept.length * width);
    const units = new Float64Array(kept.length * width);
    kept.forEach((item, position) => {
      for (let lag = 0; lag < width; lag++) {
        const observed = one(item, lag);
        actual[position * width + lag] = observed.actual;
        units[position * width + lag] = observed.units;
      }
    });
    return [name, { actual, units }] as const;
  });
  return { items: takeRows(sums.keys(), Uint32Array.from(kept)), width, values: Object.fromEntries(values) };
}

/**
 * @param quantity what is evaluated
 * @param window where nothing was observed
 * @param needed which data would be needed
 * @returns the error to throw
 */
export function nothingObserved(quantity: QuantityName, window: EvaluationWindow, needed: string): DataError {
  return new DataError(`there is nothing to compare forecasts of ${quantity} with`, {
    expected: needed,
    found: `none in ${formatWindow(window)}`,
    remedy: 'Choose an earlier cutoff, a longer horizon, or data that goes on for longer.',
  });
}
