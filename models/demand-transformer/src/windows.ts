import { CURVE_SLOPES, reachOf } from '@hemline/features';
import { runningSums, type RunningSums, type SeriesStore } from './series-store.ts';

/** Sizes of windows. */
export interface WindowShape {
  readonly historyWeeks: number;
  readonly horizon: number;
  /** Weeks that level and usual price are taken from. */
  readonly scaleWeeks: number;
  /** Weeks of its own that count as much as the group's level. */
  readonly priorWeeks: number;
}

/** What the level and the usual price of a series are, seen from a week. */
export interface SeriesLevel {
  /** Mean of log(1 + demand). */
  readonly level: number;
  /** Mean of the log of the price paid; NaN where no week is known. */
  readonly logPrice: number;
  /** Weeks with demand behind them. */
  readonly support: number;
}

/** Series, and where windows of them begin and end: what is known up to a week, and what is planned after it. */
export class Windows {
  readonly store: SeriesStore;
  readonly shape: WindowShape;
  readonly #sums: RunningSums;

  /**
   * @param store the series
   * @param shape sizes
   */
  constructor(store: SeriesStore, shape: WindowShape) {
    this.store = store;
    this.shape = shape;
    this.#sums = runningSums(store);
  }

  /**
   * @param series its number
   * @param row the last known one; the one before the series' first for a series of which nothing is known
   * @returns level and usual price
   */
  levelOf(series: number, row: number): SeriesLevel {
    const { offsets, prior } = this.store;
    const { scaleWeeks, priorWeeks } = this.shape;
    const start = offsets[series]!;
    const { logDemand, logPrice, count } = this.#sums;
    const before = row - scaleWeeks;
    const over = (sums: Float64Array | Int32Array): number =>
      row < start ? 0 : sums[row]! - (before < start ? 0 : sums[before]!);
    const support = over(count);
    return {
      level: (over(logDemand) + priorWeeks * prior[series]!) / (support + priorWeeks),
      logPrice: support === 0 ? NaN : over(logPrice) / support,
      support,
    };
  }

  /**
   * How far the price without discount lies below what the series usually costs, in logs; 0 where that is not known.
   * @param level of the series
   * @param row of the week
   * @returns the position of the week's demand curve
   */
  positionOf(level: SeriesLevel, row: number): number {
    return Number.isNaN(level.logPrice) ? 0 : level.logPrice - Math.log(this.store.blackPrice[row]!);
  }

  /**
   * How much of each segment of the demand curve the price of a row reaches.
   * @param level of the series
   * @param row of the week
   * @param into where to
   * @param at where the first of the {@link CURVE_SLOPES} numbers goes
   */
  writeReach(level: SeriesLevel, row: number, into: Float32Array | Int32Array, at: number): void {
    const position = this.positionOf(level, row);
    const depth = -Math.log1p(-this.store.discount[row]!);
    for (let k = 0; k < CURVE_SLOPES; k++) into[at + k] = reachOf(position, depth, k);
  }

  /**
   * @param series its number
   * @param last its last known row
   * @returns the rows that a window's history holds, the last one excluded
   */
  pastRows(series: number, last: number): readonly [from: number, to: number] {
    return [Math.max(this.store.offsets[series]!, last - this.shape.historyWeeks + 1), last + 1];
  }

  /**
   * @param series its number
   * @param last its last known row; well before the series' first for one that is yet to come
   * @returns the rows that a window looks ahead to, the last one excluded
   */
  rowsAhead(series: number, last: number): readonly [from: number, to: number] {
    const { offsets } = this.store;
    return [
      Math.max(offsets[series]!, last + 1),
      Math.min(offsets[series + 1]!, last + 1 + this.shape.horizon),
    ];
  }
}
