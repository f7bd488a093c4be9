import {
  Batch,
  dateColumn,
  DAYS_PER_WEEK,
  float64Column,
  RETURN_MATURITY_WEEKS,
  stringColumn,
} from '@hemline/core';
import { type CellKeys, groupRows } from './cell-keys.ts';
import type { InvoiceLines } from './invoice-lines.ts';
import type { Count, Matches } from './match-returns.ts';

/** Return cohorts, and what became of the matched returns. */
export interface ReturnCohorts {
  /** `article, market, sale_week, return_week, units`, sorted in this order. */
  readonly batch: Batch;
  /** Returns in the cohorts. */
  readonly inTime: Count;
  /** Matched returns that came later than {@link RETURN_MATURITY_WEEKS} weeks after the sale's: not in the cohorts. */
  readonly late: Count;
}

/**
 * Sums matched returns by article, market, week of the sale and week of the cancellation. The market is that of the purchase,
 * so that a cohort never has more returns than sales.
 * @param lines of all invoices
 * @param matches of its cancellations
 * @param keys of its cells
 * @returns the cohorts
 */
export function returnCohorts(lines: InvoiceLines, matches: Matches, keys: CellKeys): ReturnCohorts {
  const { purchase, cancellation, units } = matches;
  const inTime = new Counter();
  const late = new Counter();
  const rows = new Uint32Array(units.length);
  const key = new Float64Array(units.length);
  let count = 0;
  for (let match = 0; match < units.length; match++) {
    const lag = (lines.week[cancellation[match]!]! - lines.week[purchase[match]!]!) / DAYS_PER_WEEK;
    if (lag > RETURN_MATURITY_WEEKS) {
      late.add(cancellation[match]!, units[match]!);
      continue;
    }
    inTime.add(cancellation[match]!, units[match]!);
    key[match] = keys.of(purchase[match]!) * (RETURN_MATURITY_WEEKS + 1) + lag;
    rows[count++] = match;
  }
  const { order, starts } = groupRows(rows.subarray(0, count), key);
  const cohorts = starts.length - 1;
  const first = Uint32Array.from({ length: cohorts }, (_, row) => order[starts[row]!]!);
  const sums = new Float64Array(cohorts);
  for (let row = 0; row < cohorts; row++)
    for (let i = starts[row]!; i < starts[row + 1]!; i++) sums[row]! += units[order[i]!]!;
  const ofPurchase = (values: Int32Array): Int32Array =>
    Int32Array.from(first, (match) => values[purchase[match]!]!);
  return {
    batch: new Batch({
      article: stringColumn(ofPurchase(lines.article), lines.articles),
      market: stringColumn(ofPurchase(lines.market), lines.markets),
      sale_week: dateColumn(ofPurchase(lines.week)),
      return_week: dateColumn(Int32Array.from(first, (match) => lines.week[cancellation[match]!]!)),
      units: float64Column(sums),
    }),
    inTime: { lines: inTime.lines, units: inTime.units },
    late: { lines: late.lines, units: late.units },
  };
}

/** Counts a line once, though several of its matches are added; they come one after the other. */
class Counter {
  lines = 0;
  units = 0;
  #last = -1;

  add(line: number, units: number): void {
    if (line !== this.#last) this.lines++;
    this.#last = line;
    this.units += units;
  }
}
