import { DAYS_PER_WEEK, type Week } from '@hemline/core';
import type { InvoiceLines } from './invoice-lines.ts';

/** Numbers cells of article, market and week so that numbers sort as the names do. */
export class CellKeys {
  readonly #lines: InvoiceLines;
  readonly #articleRank: Int32Array;
  readonly #marketRank: Int32Array;
  readonly #firstWeek: Week;
  readonly #weeks: number;

  /** @param lines of all invoices, at least one */
  constructor(lines: InvoiceLines) {
    this.#lines = lines;
    this.#articleRank = ranks(lines.articles);
    this.#marketRank = ranks(lines.markets);
    this.#firstWeek = lines.week.reduce((first, week) => Math.min(first, week), Infinity);
    const last = lines.week.reduce((latest, week) => Math.max(latest, week), -Infinity);
    this.#weeks = (last - this.#firstWeek) / DAYS_PER_WEEK + 1;
  }

  /**
   * @param line of an invoice
   * @returns the number of its article, market and week; cells of one series follow each other week by week
   */
  of(line: number): number {
    const { article, market, week } = this.#lines;
    const series =
      this.#articleRank[article[line]!]! * this.#marketRank.length + this.#marketRank[market[line]!]!;
    return series * this.#weeks + (week[line]! - this.#firstWeek) / DAYS_PER_WEEK;
  }
}

function ranks(texts: readonly string[]): Int32Array {
  const order = Uint32Array.from(texts.keys()).sort((a, b) => (texts[a]! < texts[b]! ? -1 : 1));
  const rank = new Int32Array(texts.length);
  order.forEach((position, place) => (rank[position] = place));
  return rank;
}

/** Rows sorted by key. */
export interface GroupedRows {
  /** Rows, those of one group next to each other, in their own order. */
  readonly order: Uint32Array;
  /** Where each group starts in `order`; one entry more than groups, the last is `order.length`. */
  readonly starts: Uint32Array;
}

/**
 * Brings rows of one key together, groups in ascending order of their keys. O(n log n).
 * @param rows to group
 * @param keys a number for each row, by row number
 * @returns the groups
 */
export function groupRows(rows: Uint32Array, keys: Float64Array): GroupedRows {
  const order = rows.slice().sort((a, b) => keys[a]! - keys[b]! || a - b);
  const starts = new Uint32Array(order.length + 1);
  let groups = 0;
  for (let i = 0; i < order.length; i++)
    if (i === 0 || keys[order[i]!] !== keys[order[i - 1]!]) starts[groups++] = i;
  starts[groups] = order.length;
  return { order, starts: starts.subarray(0, groups + 1) };
}
