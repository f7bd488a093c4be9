import type { CohortTable } from './cohort-table.ts';

/** Weeks that count as recent. */
const WEEKS = 8;

/** What the shop did with an item lately. NaN where unknown. */
export interface RecentWeeks {
  /** Mean discount by units sold. */
  readonly usualDiscount: number;
  readonly lastDiscount: number;
  readonly lastPrice: number;
  /** Units a week. */
  readonly sales: number;
  /** Share of the weeks in which all sizes were there. */
  readonly availability: number;
}

/** Of an item without a history. */
export const NO_WEEKS: RecentWeeks = {
  usualDiscount: NaN,
  lastDiscount: NaN,
  lastPrice: NaN,
  sales: NaN,
  availability: NaN,
};

/**
 * @param table cohorts
 * @param series its number
 * @param week as of whose end
 * @returns what is known of the eight weeks up to it
 */
export function recentWeeks(table: CohortTable, series: number, week: number): RecentWeeks {
  const from = table.offsets[series]!;
  let row = lastRow(table.week, from, table.offsets[series + 1]!, week);
  if (row < from) return NO_WEEKS;
  let [units, weighted, weeks, known, available] = [0, 0, 0, 0, 0];
  let [lastDiscount, lastPrice] = [NaN, NaN];
  for (; row >= from && table.week[row]! > week - WEEKS; row--) {
    const discount = table.discount[row]!;
    if (Number.isNaN(lastDiscount)) lastDiscount = discount;
    if (Number.isNaN(lastPrice)) lastPrice = table.price[row]!;
    if (!Number.isNaN(discount)) {
      units += table.units[row]!;
      weighted += table.units[row]! * discount;
    }
    weeks++;
    if (!Number.isNaN(table.available[row]!)) {
      known++;
      available += table.available[row]!;
    }
  }
  if (weeks === 0) return NO_WEEKS;
  let sold = 0;
  for (let at = row + 1; at < row + 1 + weeks; at++) sold += table.units[at]!;
  return {
    usualDiscount: units > 0 ? weighted / units : lastDiscount,
    lastDiscount,
    lastPrice,
    sales: sold / weeks,
    availability: known === 0 ? NaN : available / known,
  };
}

/** The last row whose week is not after another; before `from` where there is none. */
function lastRow(weeks: Int32Array, from: number, to: number, week: number): number {
  let low = from;
  let high = to - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (weeks[middle]! <= week) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}
