import type { SeriesStore } from './series-store.ts';

/** Weeks after which a fading average counts a week half. */
export const HALF_LIVES = [2, 6, 20] as const;

/** Sums over the known weeks of a series up to each of its rows, so that what was known at any of them takes no walk. */
export class SeriesHistory {
  readonly store: SeriesStore;
  /** Number of the series in the store. */
  readonly series: number;
  /** First row in the store, and how many rows there are. */
  readonly from: number;
  readonly length: number;
  /** Over the first i rows; one entry more than rows. */
  readonly count: Float64Array;
  readonly units: Float64Array;
  readonly squares: Float64Array;
  readonly logs: Float64Array;
  readonly zeros: Float64Array;
  readonly depths: Float64Array;
  readonly prices: Float64Array;
  /** Fading means after each row, one array a half-life; NaN before the first known week. */
  readonly fading: readonly Float64Array[];
  /** Position of the last known row at or before each row; −1 where there is none. */
  readonly lastKnown: Int32Array;

  /**
   * @param store of the series
   * @param series its number
   */
  constructor(store: SeriesStore, series: number) {
    this.store = store;
    this.series = series;
    this.from = store.offsets[series]!;
    this.length = store.offsets[series + 1]! - this.from;
    const sums = (): Float64Array => new Float64Array(this.length + 1);
    [this.count, this.units, this.squares, this.logs] = [sums(), sums(), sums(), sums()];
    [this.zeros, this.depths, this.prices] = [sums(), sums(), sums()];
    this.fading = HALF_LIVES.map(() => new Float64Array(this.length));
    this.lastKnown = new Int32Array(this.length);
    this.#sum();
  }

  #sum(): void {
    const { demand, depth, logPrice } = this.store;
    const keep = HALF_LIVES.map((weeks) => 0.5 ** (1 / weeks));
    const mass = HALF_LIVES.map(() => 0);
    const mean = HALF_LIVES.map(() => 0);
    let last = -1;
    for (let i = 0; i < this.length; i++) {
      const row = this.from + i;
      const units = demand[row]!;
      const isKnown = units === units;
      const deep = depth[row]! === depth[row]! ? depth[row]! : 0;
      this.count[i + 1] = this.count[i]! + (isKnown ? 1 : 0);
      this.units[i + 1] = this.units[i]! + (isKnown ? units : 0);
      this.squares[i + 1] = this.squares[i]! + (isKnown ? units * units : 0);
      this.logs[i + 1] = this.logs[i]! + (isKnown ? Math.log1p(units) : 0);
      this.zeros[i + 1] = this.zeros[i]! + (units === 0 ? 1 : 0);
      this.depths[i + 1] = this.depths[i]! + (isKnown ? deep : 0);
      this.prices[i + 1] = this.prices[i]! + (isKnown ? logPrice[row]! - deep : 0);
      if (isKnown) last = i;
      this.lastKnown[i] = last;
      for (let k = 0; k < keep.length; k++) {
        mass[k] = mass[k]! * keep[k]! + (isKnown ? 1 : 0);
        mean[k] = mean[k]! * keep[k]! + (isKnown ? units : 0);
        this.fading[k]![i] = mass[k]! === 0 ? NaN : mean[k]! / mass[k]!;
      }
    }
  }

  /**
   * @param sums one of the running sums
   * @param origin last known row of the series, 0-based; −1: none
   * @param weeks up to it
   * @returns the sum over these weeks
   */
  over(sums: Float64Array, origin: number, weeks: number): number {
    return origin < 0 ? 0 : sums[origin + 1]! - sums[Math.max(0, origin + 1 - weeks)]!;
  }

  /**
   * @param at row of the series, 0-based; may lie outside
   * @returns demand of the week; NaN where it is not known
   */
  demandAt(at: number): number {
    return at < 0 || at >= this.length ? NaN : this.store.demand[this.from + at]!;
  }

  /**
   * @param at row of the series, 0-based; may lie outside
   * @returns −log(1 − discount); NaN where it is not known
   */
  depthAt(at: number): number {
    return at < 0 || at >= this.length ? NaN : this.store.depth[this.from + at]!;
  }

  /**
   * @param at row of the series, 0-based, within
   * @returns log of the price paid
   */
  priceAt(at: number): number {
    const deep = this.store.depth[this.from + at]!;
    return this.store.logPrice[this.from + at]! - (deep === deep ? deep : 0);
  }
}
