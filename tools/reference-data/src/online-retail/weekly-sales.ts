import { Batch, dateColumn, DAYS_PER_WEEK, float64Column, stringColumn } from '@hemline/core';
import { type CellKeys, groupRows } from './cell-keys.ts';
import { type InvoiceLines, LineKind } from './invoice-lines.ts';

/** The black price is the highest average price of so many weeks, the week itself among them. */
export const BLACK_PRICE_WEEKS = 13;

/**
 * Sums sales by article, market and week. Weeks in which nothing was sold have no row.
 * @param lines of all invoices
 * @param keys of their cells
 * @returns `article, market, week, demand` (units sold), `sales_price` (average, weighted by units), `black_price` and
 *   `discount`, sorted by article, market and week
 */
export function weeklySales(lines: InvoiceLines, keys: CellKeys): Batch {
  const { kind, quantity, price } = lines;
  const sales = Uint32Array.from(kind.keys()).filter((line) => kind[line] === LineKind.sale);
  const cell = new Float64Array(lines.length);
  for (const line of sales) cell[line] = keys.of(line);
  const { order, starts } = groupRows(sales, cell);
  const rows = starts.length - 1;
  const article = new Int32Array(rows);
  const market = new Int32Array(rows);
  const week = new Int32Array(rows);
  const units = new Float64Array(rows);
  const average = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let revenue = 0;
    for (let i = starts[row]!; i < starts[row + 1]!; i++) {
      units[row]! += quantity[order[i]!]!;
      revenue += quantity[order[i]!]! * price[order[i]!]!;
    }
    const first = order[starts[row]!]!;
    article[row] = lines.article[first]!;
    market[row] = lines.market[first]!;
    week[row] = lines.week[first]!;
    average[row] = revenue / units[row]!;
  }
  const black = trailingMaximum(average, article, market, week);
  return new Batch({
    article: stringColumn(article, lines.articles),
    market: stringColumn(market, lines.markets),
    week: dateColumn(week),
    demand: float64Column(units),
    sales_price: float64Column(average),
    discount: float64Column(average.map((paid, row) => 1 - paid / black[row]!)),
    black_price: float64Column(black),
  });
}

/** Rows are sorted by article, market and week. */
function trailingMaximum(
  values: Float64Array,
  article: Int32Array,
  market: Int32Array,
  week: Int32Array,
): Float64Array {
  const reach = (BLACK_PRICE_WEEKS - 1) * DAYS_PER_WEEK;
  return values.map((value, row) => {
    let highest = value;
    for (let i = row - 1; i >= 0; i--) {
      if (article[i] !== article[row] || market[i] !== market[row] || week[i]! < week[row]! - reach) break;
      highest = Math.max(highest, values[i]!);
    }
    return highest;
  });
}
