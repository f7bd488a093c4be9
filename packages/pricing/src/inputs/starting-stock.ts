import { addWeeks, listing, weeksBetween } from '@hemline/core';
import { sharedFloat32, sharedFloat64 } from './article-table.ts';
import type { BadArticles } from './bad-articles.ts';
import type { ItemForecasts } from './item-forecasts.ts';
import type { SeriesOrder } from './series-order.ts';
import type { StockHistory } from './stock-history.ts';

/** What there is to sell. */
export interface StartingStock {
  /** Units at the start of the first week; Infinity: no limit is known [N]. */
  readonly stock: Float64Array;
  /** Units that arrive before the sales of a week: deliveries, and returns of what was sold before [N·T]. */
  readonly arrivals: Float32Array;
  /** Series that were on sale before and whose stock nobody knows: none is assumed. */
  readonly unknown: number;
}

/**
 * Counts stock on to the first week ahead: the stock at the start of the last week that has one, less what was sold since, plus what
 * of earlier sales comes back by the forecasts of returns. Rows of the markets of one pool all carry the stock of the pool.
 * @param order of the series
 * @param history what the weekly table tells
 * @param items forecasts of returns, whole
 * @param pool of each market, −1 without
 * @param weeks ahead
 * @param bad receives articles of which the markets of a pool carry different stocks
 * @returns stock and arrivals
 */
export function startingStock(
  order: SeriesOrder,
  history: StockHistory,
  items: ItemForecasts,
  pool: Int32Array,
  weeks: Int32Array,
  bad: BadArticles,
): StartingStock {
  const [N, T] = [order.market.length, weeks.length];
  const stock = sharedFloat64(N).fill(Infinity);
  const arrivals = sharedFloat32(N * T);
  let unknown = 0;
  for (let a = 0; a + 1 < order.offsets.length; a++) {
    for (const members of stocksOf(order, a, pool)) {
      const found = history.hasStock ? sharedStock(history, members, weeks[0]!, bad) : Infinity;
      if (Number.isNaN(found)) unknown += members.filter((n) => history.wasOnSale(n)).length;
      for (const n of members) stock[n] = Number.isNaN(found) ? 0 : found;
      addDeliveries(history, members, weeks, arrivals);
      for (const n of members) addReturns(history, items, n, T, arrivals);
    }
  }
  return { stock, arrivals, unknown };
}

/** Series of an article that share a stock, stock by stock. */
function stocksOf(order: SeriesOrder, a: number, pool: Int32Array): number[][] {
  const found = new Map<number, number[]>();
  for (let n = order.offsets[a]!; n < order.offsets[a + 1]!; n++) {
    const number = pool[order.market[n]!]!;
    // Markets without a pool have numbers of their own, below those of pools.
    const key = number === -1 ? -1 - n : number;
    found.set(key, [...(found.get(key) ?? []), n]);
  }
  return [...found.values()];
}

function sharedStock(
  history: StockHistory,
  members: readonly number[],
  first: number,
  bad: BadArticles,
): number {
  const known = members.filter((n) => !Number.isNaN(history.stock[n]!));
  if (known.length === 0) return NaN;
  const latest = Math.max(...known.map((n) => history.stockWeek[n]!));
  const carried = known.filter((n) => history.stockWeek[n] === latest).map((n) => history.stock[n]!);
  // The stock of a pool stands in the rows of each of its markets.
  if (Math.max(...carried) - Math.min(...carried) > 1e-6)
    bad.addArticle(
      bad.articleOf(members[0]!),
      `the markets of its pool carry different stocks: ${listing(carried)} (the stock of the whole pool belongs into the rows of each)`,
    );
  const since = weeksBetween(latest, first);
  const lags = history.sold.length / history.stock.length;
  // What was in stock so long ago is not known any more.
  if (since > lags) return NaN;
  let left = carried[0]!;
  for (const n of members) for (let k = 1; k <= since; k++) left -= history.sold[n * lags + k - 1]!;
  return Math.max(0, left);
}

/** A planned stock of the first week is counted after its delivery. */
function addDeliveries(
  history: StockHistory,
  members: readonly number[],
  weeks: Int32Array,
  arrivals: Float32Array,
): void {
  const T = weeks.length;
  const isPlanned = members.some((n) => history.stockWeek[n] === weeks[0]);
  for (let t = isPlanned ? 1 : 0; t < T; t++) {
    let units = 0;
    for (const n of members) units = Math.max(units, history.delivered[n * T + t]!);
    arrivals[members[0]! * T + t]! += units;
  }
}

function addReturns(
  history: StockHistory,
  { returnRate, returnLag, lags }: ItemForecasts,
  n: number,
  T: number,
  arrivals: Float32Array,
): void {
  const rate = returnRate[n * (returnRate.length / history.stock.length)]!;
  for (let ago = 1; ago <= lags; ago++) {
    const units = history.sold[n * lags + ago - 1]! * rate;
    if (!(units > 0)) continue;
    for (let t = 0; t < T && ago + t < lags; t++) {
      // What comes back at once is back in the next week, as after any other sale.
      const share = returnLag[n * lags + ago + t]! + (ago + t === 1 ? returnLag[n * lags]! : 0);
      arrivals[n * T + t]! += units * share;
    }
  }
}

/**
 * Weeks from the last change of a price to the first week ahead.
 * @param history what the weekly table tells
 * @param n series
 * @param first week ahead
 * @returns 1: it changed in the week before; −1: not within what was read
 */
export function weeksSinceChange(history: StockHistory, n: number, first: number): number {
  const since = weeksBetween(history.changedAt[n]!, first);
  return since > weeksBetween(addWeeks(first, -520), first) ? -1 : since;
}
