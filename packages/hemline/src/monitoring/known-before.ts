import { addWeeks, type Week } from '@hemline/core';
import type { PartitionRows } from './partition-rows.ts';

/** Weeks before a forecast that it is compared with. */
const KNOWN_WEEKS = 8;

/** What was known of each item when a forecast was made; NaN where nothing was. */
export interface KnownBefore {
  /** Mean discount of the last eight weeks [items]. */
  readonly discount: Float64Array;
  /** Units demanded in the latest of them [items]. */
  readonly demand: Float64Array;
}

/**
 * @param rows observed of a partition
 * @param cutoff last week that the forecast knew
 * @returns what the eight weeks up to it tell of each item
 */
export function knownBefore(rows: PartitionRows, cutoff: Week): KnownBefore {
  const { length } = rows.items;
  const [discount, demand] = [new Float64Array(length), new Float64Array(length).fill(NaN)];
  const counts = new Int32Array(length);
  const latest = new Int32Array(length);
  const first = addWeeks(cutoff, 1 - KNOWN_WEEKS);
  for (let row = 0; row < rows.item.length; row++) {
    const week = rows.week[row]!;
    if (week < first || week > cutoff) continue;
    const item = rows.item[row]!;
    discount[item]! += rows.discount[row]!;
    counts[item]!++;
    const isLater = Number.isNaN(demand[item]!) || week > latest[item]!;
    if (!isLater || Number.isNaN(rows.demand[row]!)) continue;
    latest[item] = week;
    demand[item] = rows.demand[row]!;
  }
  return { discount: discount.map((sum, item) => sum / counts[item]!), demand };
}
