/**
 * What an article's plan has to keep to, whatever it earns. A change is a week whose level differs from the week before; the week
 * before the first is the shop today, where it is known. M markets, T weeks, L levels; level index (m·T + t)·L + l.
 */
export interface ArticleLimits {
  /** 1 where a level may be chosen, 0 where not [M·T·L]: levels, floors, prices fixed by a person, support are folded into it. */
  readonly allowed: Uint8Array;
  /** 1 where a market's discount never falls from one week to the next [M]. */
  readonly deepenOnly: Uint8Array;
  /** Changes at most over all weeks, −1 without limit [M]. */
  readonly maximumChanges: Int32Array;
  /** A change at week t forbids another before week t + this; 0 and 1 forbid nothing [M]. */
  readonly weeksBetween: Int32Array;
  /** Largest difference between the discounts of a week and the week before, Infinity without limit [M]. */
  readonly largestStep: Float64Array;
  /** Level in the shop today, −1 where none is known: the first week is then no change, and bound to nothing [M]. */
  readonly current: Int32Array;
  /** Weeks from the last change to the first week ahead (1: the price changed in the week before it), −1 long ago [M]. */
  readonly weeksSinceChange: Int32Array;
  /** Pairs (m1, m2), one after the other: in every week the price of m1 is at most that of m2 [2·P]. */
  readonly priceOrder: Int32Array;
  /** Pairs that count in `priceOrder`. */
  readonly pricePairs: number;
  /** Price to compare, in one currency [M·T·L]; only read where there are pairs. */
  readonly price: Float64Array;
}

/**
 * All that one article's decision depends on. M markets, T weeks, L levels, S stocks; index (m·T + t)·L + l. One object serves
 * many articles, one after the other: arrays are read to the lengths given here and may be longer.
 */
export interface ArticleProblem {
  /** Named in errors. */
  readonly article: string;
  readonly markets: number;
  readonly weeks: number;
  /** Levels, and their discounts, rising [L]; at most 255. */
  readonly levelCount: number;
  readonly levels: Float64Array;
  /** Expected units, ≥ 0 [M·T·L]. */
  readonly demand: Float64Array;
  /** Demand is certain: `dispersion` and the Poisson part count for nothing, sales are min(demand, stock). */
  readonly certain: boolean;
  /** Variance of a week's demand is mean + dispersion · mean² [M·T]. */
  readonly dispersion: Float64Array;
  /** Profit of a unit sold, whatever becomes of the stock: less multipliers × coefficients; may be negative [M·T·L]. */
  readonly margin: Float64Array;
  /** Share of the units sold that come back, in [0, 1] [M·T·L]. */
  readonly returnRate: Float64Array;
  /** Lags in `returnLag`; 0 where nothing returns to stock. */
  readonly lags: number;
  /**
   * Share of the returned units that can be sold again `lag` weeks after the week of their sale, 0 and 1 both in the next week;
   * sums to at most 1 over the lags of a market [M·lags]. What comes back after the last week is worth the residual.
   */
  readonly returnLag: Float64Array;
  readonly stocks: number;
  /** Units at the start, ≥ 0 [S]. */
  readonly stock: Float64Array;
  /** Stock that a market sells from: its own, or a pool's [M]. */
  readonly stockOf: Int32Array;
  /** Units that arrive before the sales of week t, ≥ 0 [S·T]. */
  readonly deliveries: Float64Array;
  /** Worth of a unit that is left after the last week, or comes back later; less multipliers [S]. */
  readonly residual: Float64Array;
  /** What a unit costs that is left after the sales of week t, before returns and deliveries of the next [S·T]; 0 normally. */
  readonly holding: Float64Array;
  readonly limits: ArticleLimits;
}
