import type { DiscountGrid, Week } from '@hemline/core';
import type { MarketTruth, PriceTags, ShopSituation } from '../market/market.ts';

/** What a policy is told when it has to set the prices of a week. N series (article × market), articles major. */
export interface Situation extends ShopSituation {
  /** About to be priced, and its number in the season, from 0. */
  readonly week: Week;
  readonly number: number;
  /** Weeks that are still to be played, this one included. */
  readonly weeksLeft: number;
  /** The levels that may be set. */
  readonly discounts: DiscountGrid;
  /** Names by number, and the numbers of each series [N]. */
  readonly articles: readonly string[];
  readonly markets: readonly string[];
  readonly article: Int32Array;
  readonly market: Int32Array;
  /** List price, currency units, tax included [N]. */
  readonly blackPrice: Float64Array;
  /** Tax rate on net prices, of each market; the stock that it sells from, where some share one. */
  readonly vat: Float64Array;
  readonly pool: readonly string[] | null;
  /** Of this policy and this market alone; what is put there for a week is there again after a kill. */
  readonly folder: string;
  readonly signal?: AbortSignal;
  /** The dataset as the shop knows it now. @returns its folder, which is gone once the week is sold */
  observed(): Promise<string>;
  /** For ceilings: no shop knows it. @param weeks ahead */
  truth(weeks: number): MarketTruth;
}

/** Levels that a policy drew by lot, to learn from them. */
export interface Draws extends PriceTags {
  /** Articles and series of which levels were drawn; those of these with another level than the planned one. */
  readonly articles: number;
  readonly series: number;
  readonly moved: number;
  /** Profit that it expects to lose by the draws, currency units. */
  readonly cost: number;
}

/** What a policy sets, and what it expects of that. */
export interface Decision {
  /** Level of every series; of one that is not on sale it is not looked at [N]. */
  readonly level: Int8Array;
  /** Profit that it expects of the units sold in this week and in those after it, by series; NaN where it expects nothing [N·T]. */
  readonly planned?: Float64Array;
  /** What of the levels was drawn by lot. */
  readonly draws?: Draws;
  /** What people should know of it, a sentence each. */
  readonly notices?: readonly string[];
}

/**
 * Sets prices, week by week. What it decides has to follow from the situation and from what it has put into the folder in earlier weeks:
 * a season that was interrupted goes on with a new object.
 */
export interface Policy {
  /** Names its results. */
  readonly name: string;
  decide(situation: Situation): Decision | Promise<Decision>;
  /** Told where time goes: `forecast`, `train`, … */
  readonly seconds?: Readonly<Record<string, number>>;
  dispose?(): void;
}
