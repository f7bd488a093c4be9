import type { SoldCohorts } from './cohort-table.ts';

/** Weeks that count as recent. */
const WEEKS = 8;

/**
 * What the shop did with items lately: the mean discount by units sold, the last discount, the last price, units a week, and the share
 * of the weeks in which all sizes were there.
 */
export const RECENT = ['usualDiscount', 'lastDiscount', 'lastPrice', 'sales', 'availability'] as const;

/** A column each of {@link RECENT}, an item a row; NaN where unknown. */
export type RecentWeeks = Readonly<Record<(typeof RECENT)[number], Float64Array>>;

/**
 * @param length items
 * @returns columns in which nothing is known
 */
export function unknownWeeks(length: number): RecentWeeks {
  const columns = RECENT.map((name) => [name, new Float64Array(length).fill(NaN)]);
  return Object.fromEntries(columns) as RecentWeeks;
}

/**
 * Writes what is known of the eight weeks up to another one.
 * @param table cohorts
 * @param series its number
 * @param week as of whose end
 * @param into columns in which nothing is known of the item
 * @param at its row
 */
export function writeRecentWeeks(
  table: SoldCohorts,
  series: number,
  week: number,
  into: RecentWeeks,
  at: number,
): void {
  const from = table.offsets[series]!;
  let row = lastRow(table.week, from, table.offsets[series + 1]!, week);
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
  if (weeks === 0) return;
  let sold = 0;
  for (let one = row + 1; one < row + 1 + weeks; one++) sold += table.units[one]!;
  into.usualDiscount[at] = units > 0 ? weighted / units : lastDiscount;
  into.lastDiscount[at] = lastDiscount;
  into.lastPrice[at] = lastPrice;
  into.sales[at] = sold / weeks;
  into.availability[at] = known === 0 ? NaN : available / known;
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
