import { DISCOUNT_BANDS, discountBand } from '@hemline/evaluation';

/**
 * What wrong forecasts of sales came to at the prices in the shop, in the currency of the data: the sales volume variance of cost
 * accounting, (units sold − units forecast) · profit of one (Horngren, Datar & Rajan, Cost Accounting, chapter 7). It is what a plan was
 * off by. What better forecasts would have earned is another question: they would have led to other prices and stock.
 */
export interface VolumeVariance {
  /** `all`, `group` or `discount` (in the shop). */
  readonly dimension: string;
  readonly value: string;
  readonly prices: number;
  /** Σ earned − what the forecast said: below 0 where forecasts were too high. */
  readonly variance: number;
  /** Σ of its amount, price by price: what was forecast too high at one price does not make good for another. */
  readonly absolute: number;
}

/** Where articles without a group are told. */
const UNKNOWN = '(unknown)';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Sums over prices. Memory grows with groups. */
export class VolumeVariances {
  readonly #sums = new Map<string, Mutable<VolumeVariance>>();
  readonly #groupOf: ReadonlyMap<string, string>;

  /** @param groupOf groups by article */
  constructor(groupOf: ReadonlyMap<string, string>) {
    this.#groupOf = groupOf;
  }

  /**
   * @param article of the price
   * @param discount in the shop
   * @param earned profit of the units sold
   * @param asForecast profit that the forecast told at this price; what is not told counts nowhere
   */
  add(article: string, discount: number, earned: number, asForecast: number): void {
    const variance = earned - asForecast;
    if (Number.isNaN(variance)) return;
    const parts = [
      ['all', 'all'],
      ['group', this.#groupOf.get(article) ?? UNKNOWN],
      ['discount', DISCOUNT_BANDS[discountBand(discount)]!],
    ] as const;
    for (const [dimension, value] of parts) {
      const key = `${dimension}/${value}`;
      let sums = this.#sums.get(key);
      if (sums === undefined)
        this.#sums.set(key, (sums = { dimension, value, prices: 0, variance: 0, absolute: 0 }));
      sums.prices++;
      sums.variance += variance;
      sums.absolute += Math.abs(variance);
    }
  }

  /** @returns all, then groups and discounts, what was off by most first */
  finish(): VolumeVariance[] {
    const dimensions = ['all', 'group', 'discount'];
    return [...this.#sums.values()].sort(
      (a, b) => dimensions.indexOf(a.dimension) - dimensions.indexOf(b.dimension) || b.absolute - a.absolute,
    );
  }
}
