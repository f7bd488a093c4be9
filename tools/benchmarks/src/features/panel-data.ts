import { Batch, dateColumn, float64Column, parseWeek, stringColumn } from '@hemline/core';

/** Weeks of every series. */
export const WEEKS = 200;
/** Commodity groups of each market. */
const GROUPS = Array.from({ length: 100 }, (_, group) => `group-${group}`);
const MARKETS = ['DE', 'FR'];
const FIRST_WEEK = parseWeek('2021-01-04');

/**
 * Rows of some series of the panel that features are measured on: article, market, group, week, demand, discount. The first
 * half of the series is of one market, the second of the other. Any part of it can be made alone.
 * @param from first series
 * @param to series after the last
 * @param all series of the panel
 * @returns their rows, sorted by series and week
 */
export function panelOf(from: number, to: number, all: number): Batch {
  const length = (to - from) * WEEKS;
  const [article, market, group, week] = Array.from({ length: 4 }, () => new Int32Array(length));
  const demand = new Float64Array(length);
  const discount = new Float64Array(length);
  for (let series = from; series < to; series++) {
    // A linear congruence a series: nothing but speed is measured on these numbers.
    let state = Math.imul(series + 1, 0x9e3779b1) >>> 0;
    const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
    const level = 1 + 40 * next() ** 3;
    for (let i = 0; i < WEEKS; i++) {
      const row = (series - from) * WEEKS + i;
      article![row] = series - from;
      market![row] = series < all / 2 ? 0 : 1;
      group![row] = series % GROUPS.length;
      week![row] = FIRST_WEEK + 7 * i;
      demand[row] = next() < 0.2 ? 0 : Math.floor(level * 2 * next());
      discount[row] = Math.floor(8 * next()) / 10;
    }
  }
  const articles = Array.from({ length: to - from }, (_, i) => `article-${from + i}`);
  return new Batch({
    article: stringColumn(article!, articles),
    market: stringColumn(market!, MARKETS),
    group: stringColumn(group!, GROUPS),
    week: dateColumn(week!),
    demand: float64Column(demand),
    discount: float64Column(discount),
  });
}
