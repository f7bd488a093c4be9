import type { ArticleTable } from '../inputs/article-table.ts';
import type { ExplorationTotals } from '../explore/exploration.ts';
import { REASONS } from './schemas.ts';

/** What the plans of a portfolio come to. */
export interface PlanTotals {
  /** Articles that are priced, and of these with today's discount known in every market. */
  readonly articles: number;
  readonly compared: number;
  /** Of those that are compared, articles with a plan other than to hold. */
  readonly changed: number;
  readonly profit: number;
  /** Of the articles that are compared: planned, and held. */
  readonly comparedProfit: number;
  readonly heldProfit: number;
  readonly unitsSold: number;
  readonly unitsLeft: number;
  /** Rows whose discount is for each of the reasons. */
  readonly reasons: Readonly<Record<string, number>>;
  /** What exploring comes to, where some discounts were drawn by lot. */
  readonly exploration?: ExplorationTotals;
  /** Units sold at each level of the grid, or nearest above it. */
  readonly unitsByDiscount: readonly { readonly discount: number; readonly units: number }[];
}

/** Sums over the articles. */
export class TotalsBuilder {
  readonly reasons = new Float64Array(REASONS.length);
  readonly #exploration: ExplorationTotals | undefined;
  readonly #discounts: Float64Array;
  readonly #units: Float64Array;
  #sums = { articles: 0, compared: 0, changed: 0, profit: 0, comparedProfit: 0, heldProfit: 0, unitsLeft: 0 };

  constructor({ discounts }: ArticleTable, exploration?: ExplorationTotals) {
    this.#exploration = exploration;
    this.#discounts = discounts;
    this.#units = new Float64Array(discounts.length);
  }

  sold(discount: number, units: number): void {
    let l = this.#discounts.findIndex((level) => level >= discount - 1e-6);
    if (l === -1) l = this.#discounts.length - 1;
    this.#units[l]! += units;
  }

  add(profit: number, held: number, isHeld: boolean, left: number): void {
    const sums = this.#sums;
    sums.articles++;
    sums.profit += profit;
    sums.unitsLeft += left;
    if (Number.isNaN(held)) return;
    if (!isHeld) sums.changed++;
    sums.compared++;
    sums.comparedProfit += profit;
    sums.heldProfit += held;
  }

  finish(): PlanTotals {
    return {
      ...this.#sums,
      ...(this.#exploration === undefined ? {} : { exploration: this.#exploration }),
      unitsSold: this.#units.reduce((sum, units) => sum + units, 0),
      reasons: Object.fromEntries(REASONS.map((reason, i) => [reason, this.reasons[i]!])),
      unitsByDiscount: Array.from(this.#discounts, (discount, l) => ({ discount, units: this.#units[l]! })),
    };
  }
}
