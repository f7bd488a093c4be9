import type { DiscountGrid, Week } from '@hemline/core';

/** Money of a week, integer cents, net of tax; costs are positive. */
export interface Money {
  /** Of the units sold. */
  readonly revenue: number;
  /** Given back for units that came back. */
  readonly refunds: number;
  readonly shipping: number;
  /** Of taking units back. */
  readonly returnCost: number;
  /** What was brought by units that were left at the end of their seasons. */
  readonly clearance: number;
}

/** What the shop knows when it sets the prices of a week. N series (article × market), articles major. */
export interface ShopSituation {
  /** 1: on sale in the week [N]. Of the others nothing is decided. */
  readonly onSale: Uint8Array;
  /** Level of the week before; −1: not sold yet [N]. */
  readonly level: Int8Array;
  /** Units at the start of the week, with what was delivered and came back [N]. */
  readonly stock: Float64Array;
  /** Units sold in the week before [N]. */
  readonly sales: Float64Array;
  /** Weeks on sale that are left, this one included; 0 or less: the season is over [N]. */
  readonly weeksToEnd: Int32Array;
  /** What the market's own planner sets now [N]. */
  readonly plannerLevel: Int8Array;
}

/** How the discounts of a week came about. */
export interface PriceTags {
  /** Probability with which each was drawn by lot; NaN: it was not [N]. */
  readonly propensity: Float64Array;
  /** Experiment that each is part of; null: none [N]. */
  readonly experiment: readonly (string | null)[];
}

/** What came of a week. */
export interface SoldWeek {
  /** Units sold, and units that came back in the week [N]. */
  readonly sales: Float64Array;
  readonly returned: Float64Array;
  readonly money: Money;
}

/** What came after the weeks that were played, when the planner sold on. */
export interface RunOut {
  /** Units that there were at the beginning of the play, and that were delivered since. */
  readonly cameIn: number;
  /** Units sold and come back in these weeks. */
  readonly sold: number;
  readonly returned: number;
  readonly money: Money;
  /** Units left at the ends of their seasons, cleared or not, and what those not cleared are worth, integer cents. */
  readonly left: number;
  readonly residual: number;
}

/**
 * The truth from the week to be priced on, given all that is known of the noise now. Of use to a ceiling and to whoever judges; a
 * policy that a shop could follow does not look at it. T weeks, L levels.
 */
export interface MarketTruth {
  /** First week on sale and week after the last, as positions in these weeks; equal where there is none [N]. */
  readonly begin: Int32Array;
  readonly end: Int32Array;
  /** Expected units; 0 where the article is not on sale [N·T·L]. */
  readonly demand: Float64Array;
  /** Variance of a week's demand over its squared mean, besides the Poisson part [N·T]. */
  readonly dispersion: Float64Array;
  /** Chance that a unit sold comes back, by level [N·L]. */
  readonly returnRate: Float64Array;
  /** Shares of the units returned that are back after 0, 1, … weeks [N·lags]. */
  readonly returnLag: Float64Array;
  /** Expected costs of a unit, currency units [N]. */
  readonly shippingCost: Float64Array;
  readonly returnCost: Float64Array;
  /** Worth of a unit that is left at the end of its season, as a share of the black price [N]. */
  readonly residual: Float64Array;
  /** Units that arrive before the sales of a week: deliveries, and returns on their way; week 0 is in the stock already [N·T]. */
  readonly arrivals: Float64Array;
}

/**
 * A market that is played week by week. Two markets that began alike meet the same noise in the same week, whatever was priced in
 * either: what policies earn differs by the policies alone.
 */
export interface Market {
  /** About to be priced. */
  readonly week: Week;
  /** Weeks that are still to be played, this one included. */
  readonly weeksLeft: number;
  readonly discounts: DiscountGrid;
  /** Names by number. */
  readonly articles: readonly string[];
  readonly markets: readonly string[];
  /** Numbers of each series' article and market [N]. */
  readonly article: Int32Array;
  readonly market: Int32Array;
  /** List price, currency units, tax included [N]. */
  readonly blackPrice: Float64Array;
  /** Tax rate on net prices, of each market. */
  readonly vat: Float64Array;
  /** Stock that each market sells from, where some share one; null: each has its own. */
  readonly pool: readonly string[] | null;
  situation(): ShopSituation;
  /**
   * Sells the week.
   * @param level of every series; of one that is not on sale it is not looked at [N]
   * @param tags of levels that were drawn by lot, which later data has as `propensity` and `experiment`; null: none was
   */
  price(level: Int8Array, tags: PriceTags | null): SoldWeek;
  /**
   * Writes the dataset as the shop knows it now: what was sold, and what is planned.
   * @param folder that is new or empty
   */
  observe(folder: string): Promise<void>;
  /** @param weeks from the one to be priced on */
  truth(weeks: number): MarketTruth;
  /** After the last week: the planner sells on to the end of each article's season, and what is left is worth its residual. */
  finish(): RunOut;
  /** All that it takes to go on from here. */
  save(): Uint8Array;
}

/** Begins markets, and goes on with them. */
export interface MarketMaker {
  /**
   * @param seed of the market: of everything random in it
   * @param saved by the {@link Market.save} of a market that was begun alike; null begins
   */
  open(seed: number, saved: Uint8Array | null): Promise<Market>;
}
