import { DAYS_PER_WEEK, KeyIndex, SERIES_KEY, float64Column, type Batch, type Column } from '@hemline/core';

/**
 * Black prices where a table has none: the highest price of the last weeks of a series, its own week among them. Of weeks without
 * any price in that time, such as those of the plan, the black price before.
 * @param rows whole series, in any order, with `article`, `market`, `week` and `price`
 * @param weeks how many weeks are looked at
 * @returns black prices by row; missing before the first price
 */
export function blackPricesOf(rows: Batch, weeks: number): Column {
  const series = new KeyIndex(SERIES_KEY).add(rows);
  const days = rows.weeks('week');
  const price = rows.floats('price');
  const order = Uint32Array.from(series, (_, row) => row).sort(
    (a, b) => series[a]! - series[b]! || days[a]! - days[b]!,
  );
  const highest = new Float64Array(rows.length);
  const validity = new Uint8Array((rows.length + 7) >> 3);
  // Rows of falling prices: the first is the highest of the weeks looked at.
  let falling: number[] = [];
  let last = NaN;
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!;
    if (i > 0 && series[order[i - 1]!] !== series[row]) [falling, last] = [[], NaN];
    if (price[row]! > 0) {
      while (falling.length > 0 && price[falling.at(-1)!]! <= price[row]!) falling.pop();
      falling.push(row);
    }
    while (falling.length > 0 && days[row]! - days[falling[0]!]! >= weeks * DAYS_PER_WEEK) falling.shift();
    if (falling.length > 0) last = price[falling[0]!]!;
    if (Number.isNaN(last)) continue;
    highest[row] = last;
    validity[row >> 3]! |= 1 << (row & 7);
  }
  return float64Column(highest, validity);
}
