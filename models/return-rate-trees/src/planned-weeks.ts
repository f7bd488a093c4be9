import { addWeeks, KeyIndex, SERIES_KEY, type Batch, type Scenarios, type Week } from '@hemline/core';

/** What is planned for items. NaN where nothing is. */
export interface PlannedWeeks {
  readonly discount: Float32Array;
  readonly price: Float32Array;
}

/**
 * Mean discount and black price that are planned for the weeks after the cutoff.
 * @param items to look for
 * @param scenarios of the request: its plan, or its rows
 * @param cutoff the last known week
 * @param weeks how many after it count
 * @returns a value an item
 */
export function plannedWeeks(items: Batch, scenarios: Scenarios, cutoff: Week, weeks: number): PlannedWeeks {
  const none = (): Float32Array => new Float32Array(items.length).fill(NaN);
  const rows = scenarios.kind === 'grid' ? scenarios.plan : scenarios.rows;
  if (rows === null) return { discount: none(), price: none() };
  const index = new KeyIndex(SERIES_KEY);
  const numbers = index.add(items);
  const wanted = index.find(rows);
  const week = rows.weeks('week');
  const last = addWeeks(cutoff, weeks);
  const mean = (name: string): Float32Array => {
    if (!rows.has(name)) return none();
    const values = rows.floats(name);
    const sums = new Float64Array(index.size);
    const known = new Float64Array(index.size);
    wanted.forEach((item, row) => {
      if (item === -1 || week[row]! <= cutoff || week[row]! > last || Number.isNaN(values[row])) return;
      sums[item]! += values[row]!;
      known[item]!++;
    });
    // Rounded to a float, so that the order of the rows does not matter.
    return Float32Array.from(numbers, (item) => sums[item]! / known[item]!);
  };
  return { discount: mean('discount'), price: mean('blackPrice') };
}
