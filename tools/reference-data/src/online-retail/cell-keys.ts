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
