import type { Batch, DiscountGrid } from '@hemline/core';

/**
 * Everything that the decisions of all articles depend on, as flat arrays that threads can share. N series (article × market), sorted
 * by article and then by market; A articles; T weeks; L levels of the forecast's grid. Bytes: about N · (4 · T · L + 8 · T + 4 · L).
 */
export interface ArticleTable {
  /** `article` and attributes, one row for each article [A]. */
  readonly articles: Batch;
  /** `market` and attributes, one row for each market. */
  readonly markets: Batch;
  /** Weeks ahead, days since 1970-01-01 [T]. */
  readonly weeks: Int32Array;
  readonly discounts: DiscountGrid;
  /** First series of each article [A + 1]. */
  readonly offsets: Int32Array;
  /** Row of `markets` [N]. */
  readonly market: Int32Array;
  /** First week of the article on sale and week after its last, as positions in `weeks` [A]. */
  readonly begin: Int32Array;
  readonly end: Int32Array;
  /** Expected units [N·T·L]. */
  readonly demand: Float32Array;
  /** Variance over squared mean besides the Poisson part [N·T]. */
  readonly dispersion: Float32Array;
  /** Weeks of its own that the forecast rests on [N]. */
  readonly support: Float32Array;
  /** List price, tax included [N]. */
  readonly blackPrice: Float64Array;
  /** Discount in the shop today; NaN where none is known [N]. */
  readonly current: Float64Array;
  /** Weeks from the last change of it to the first week ahead; −1: not within the history that was read [N]. */
  readonly sinceChange: Int32Array;
  /** Share of sold units that comes back, by level [N·L]. */
  readonly returnRate: Float32Array;
  /** Lags of returns, and the share of returned units that is back after each [N·lags]. */
  readonly lags: number;
  readonly returnLag: Float32Array;
  /** Of one unit [N]. */
  readonly shippingCost: Float64Array;
  readonly returnCost: Float64Array;
  /** Worth of a unit left, as a share of the black price [N]. */
  readonly residual: Float64Array;
  /** Units at the start of the first week; of a pool's market, those of the pool; Infinity: no limit is known [N]. */
  readonly stock: Float64Array;
  /** Units that arrive before the sales of a week: deliveries, and returns of units sold before [N·T]. */
  readonly arrivals: Float32Array;
  /** Tax rate of each market, and the number of its pool, −1 without [rows of `markets`]. */
  readonly vat: Float64Array;
  readonly pool: Int32Array;
  /** Deepest level that is offered to each article, and levels that are offered to none for their error (1) [A], [L]. */
  readonly deepest: Float64Array;
  readonly unsure: Uint8Array;
  /** 1: nothing but today's discount is offered, for the error of the group [A]. */
  readonly held: Uint8Array;
}

/**
 * The same table with fewer articles to price: the others keep their place, and are on sale in no week.
 * @param table all articles
 * @param isKept of an article, whether it is priced where it was
 * @returns the table, which shares all else
 */
export function pricingOnly(table: ArticleTable, isKept: (article: number) => boolean): ArticleTable {
  const end = sharedInt32(table.end.length);
  table.end.forEach((week, a) => (end[a] = isKept(a) ? week : table.begin[a]!));
  return { ...table, end };
}

/**
 * Floats that threads can share.
 * @param length how many
 * @returns zeros
 */
export function sharedFloat32(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(4 * length));
}

/**
 * Doubles that threads can share.
 * @param length how many
 * @returns zeros
 */
export function sharedFloat64(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * length));
}

/**
 * Whole numbers that threads can share.
 * @param length how many
 * @returns zeros
 */
export function sharedInt32(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * length));
}
