import { MOST_SIZES } from '../series/series-record.ts';
import type { SeriesState } from '../series/series-state.ts';
import type { PolicyState } from '../stock/discount-policy.ts';

/** All series between two weeks, but for their records and what is on its way: what opening a week changes. */
export class ShopState {
  readonly #stock: Float64Array;
  readonly #noise: Float64Array;
  readonly #leftovers: Float64Array;
  readonly #planner: Float64Array;

  /** @param series to be remembered, always the same ones */
  constructor(series: readonly SeriesState[]) {
    const count = series.length;
    this.#stock = new Float64Array(count * MOST_SIZES);
    this.#noise = new Float64Array(count);
    this.#leftovers = new Float64Array(count);
    this.#planner = new Float64Array(count * 3);
    this.take(series);
  }

  /** @param series as they are now */
  take(series: readonly SeriesState[]): void {
    series.forEach(({ stock, noise, leftovers, planner }, n) => {
      this.#stock.set(stock, n * MOST_SIZES);
      this.#noise[n] = noise;
      this.#leftovers[n] = leftovers;
      this.#planner.set([planner.discount, planner.changedAt, planner.salesRate], n * 3);
    });
  }

  /** @param series to be put back to what they were */
  putBack(series: readonly SeriesState[]): void {
    series.forEach((one, n) => {
      one.stock.set(this.#stock.subarray(n * MOST_SIZES, (n + 1) * MOST_SIZES));
      one.noise = this.#noise[n]!;
      one.leftovers = this.#leftovers[n]!;
      Object.assign(one.planner, this.planner(n));
    });
  }

  /**
   * @param n number of the series
   * @returns what its planner remembered
   */
  planner(n: number): PolicyState {
    const [discount, changedAt, salesRate] = this.#planner.subarray(n * 3, n * 3 + 3);
    return { discount: discount!, changedAt: changedAt!, salesRate: salesRate! };
  }

  /**
   * @param n number of the series
   * @returns state of its noise in the week before
   */
  noise(n: number): number {
    return this.#noise[n]!;
  }

  /**
   * @param n number of the series
   * @returns units that were in its stock, or in the stock it shares
   */
  stock(n: number): number {
    return this.#stock.subarray(n * MOST_SIZES, (n + 1) * MOST_SIZES).reduce((sum, units) => sum + units, 0);
  }

  /**
   * @param n number of the series
   * @returns units left after its season that no lot had taken
   */
  leftovers(n: number): number {
    return this.#leftovers[n]!;
  }
}
