import type { BatchPart } from '@hemline/tensor';
import { CURVE_SLOPES, reachOf } from './demand-curve.ts';
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

/** Numbers of a past week besides its covariates: log demand over the level, known, imputed, price. The first two come first. */
export const PAST_EXTRA = 4;
/** Numbers of a series besides its attributes: level, how much is known of it. */
export const STATIC_EXTRA = 2;
/** Added to the attention's scores of weeks that must not be read. */
const HIDDEN = -1e9;

/** What the level and the usual price of a series are, seen from a week. */
export interface SeriesLevel {
  /** Mean of log(1 + demand). */
  readonly level: number;
  /** Mean of the log of the price paid; NaN where no week is known. */
  readonly logPrice: number;
  /** Weeks with demand behind them. */
  readonly support: number;
}

/** Cuts windows from series: what is known up to a week, and what is planned after it. */
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
   * @param series number
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
   * The inputs of the network for some windows.
   * @param series number of each window's series
   * @param rows the last known row of each
   * @param size windows of the batch, at least as many; those missing are empty
   * @returns past, bias, planned, statics, codes, and the reach of past prices
   */
  inputs(series: ArrayLike<number>, rows: ArrayLike<number>, size = series.length): BatchPart[] {
    const { historyWeeks, horizon } = this.shape;
    const { plannedWidth, pastWidth, codesWidth, staticsWidth } = this.store;
    const pastNumbers = plannedWidth + pastWidth + PAST_EXTRA;
    const staticNumbers = staticsWidth + STATIC_EXTRA;
    const past = new Float32Array(size * historyWeeks * pastNumbers);
    const bias = new Float32Array(size * historyWeeks).fill(HIDDEN);
    const planned = new Float32Array(size * horizon * plannedWidth);
    const statics = new Float32Array(size * staticNumbers);
    const codes = new Int32Array(size * codesWidth);
    const reach = new Float32Array(size * historyWeeks * CURVE_SLOPES);
    for (let i = 0; i < series.length; i++) {
      const one = series[i]!;
      const level = this.levelOf(one, rows[i]!);
      this.#fillPast(one, rows[i]!, level, past, bias, i);
      this.#fillReach(one, rows[i]!, level, reach, i);
      this.#fillPlanned(one, rows[i]!, planned, i);
      statics.set(
        this.store.statics.subarray(one * staticsWidth, (one + 1) * staticsWidth),
        i * staticNumbers,
      );
      statics[i * staticNumbers + staticsWidth] = level.level / 3 - 1;
      statics[i * staticNumbers + staticsWidth + 1] = Math.log1p(level.support) / 3;
      codes.set(this.store.codes.subarray(one * codesWidth, (one + 1) * codesWidth), i * codesWidth);
    }
    return [
      { shape: [size, historyWeeks, pastNumbers], values: past },
      { shape: [size, 1, 1, historyWeeks], values: bias },
      { shape: [size, horizon, plannedWidth], values: planned },
      { shape: [size, staticNumbers], values: statics },
      { shape: [size, codesWidth], values: codes },
      { shape: [size, historyWeeks, CURVE_SLOPES], values: reach },
    ];
  }

  /**
   * What is to be learnt of some windows: the weeks after the last known row.
   * @param series number of each window's series
   * @param rows the last known row of each; well before the series' first for one that is yet to come
   * @param weightPower windows weigh as black price × level to this power
   * @returns demand over the level, weights, and how much of each segment of the curve the price reaches
   */
  targets(series: ArrayLike<number>, rows: ArrayLike<number>, weightPower: number): BatchPart[] {
    const { horizon } = this.shape;
    const { offsets, logDemand, blackPrice } = this.store;
    const cells = series.length * horizon;
    const demand = new Float32Array(cells);
    const weight = new Float32Array(cells);
    const reach = new Float32Array(cells * CURVE_SLOPES);
    for (let i = 0; i < series.length; i++) {
      const level = this.levelOf(series[i]!, rows[i]!);
      const scale = Math.exp(level.level);
      const start = Math.max(offsets[series[i]!]!, rows[i]! + 1);
      const end = Math.min(offsets[series[i]! + 1]!, rows[i]! + 1 + horizon);
      for (let row = start; row < end; row++) {
        if (Number.isNaN(logDemand[row]!)) continue;
        const cell = i * horizon + row - rows[i]! - 1;
        demand[cell] = Math.expm1(logDemand[row]!) / scale;
        weight[cell] = blackPrice[row]! * scale ** weightPower;
        this.#reachInto(reach, cell, level, row);
      }
    }
    return [
      { shape: [series.length, horizon], values: demand },
      { shape: [series.length, horizon], values: weight },
      { shape: [series.length, horizon, CURVE_SLOPES], values: reach },
    ];
  }

  #fillPast(
    series: number,
    last: number,
    level: SeriesLevel,
    past: Float32Array,
    bias: Float32Array,
    window: number,
  ): void {
    const { historyWeeks } = this.shape;
    const {
      offsets,
      logDemand,
      imputed,
      blackPrice,
      discount,
      planned,
      plannedWidth,
      past: known,
      pastWidth,
    } = this.store;
    const numbers = plannedWidth + pastWidth + PAST_EXTRA;
    const first = Math.max(offsets[series]!, last - historyWeeks + 1);
    for (let row = first; row <= last; row++) {
      const week = window * historyWeeks + historyWeeks - 1 - (last - row);
      let at = week * numbers;
      for (let i = 0; i < plannedWidth; i++) past[at++] = planned[row * plannedWidth + i]!;
      for (let i = 0; i < pastWidth; i++) past[at++] = known[row * pastWidth + i]!;
      if (Number.isNaN(logDemand[row]!)) continue;
      bias[week] = 0;
      const price = Math.log(blackPrice[row]!) + Math.log1p(-discount[row]!);
      past[at++] = logDemand[row]! - level.level;
      past[at++] = 1;
      past[at++] = imputed[row]!;
      // Weeks before those that the usual price is taken from.
      past[at] = Number.isNaN(level.logPrice) ? 0 : 3 * (level.logPrice - price);
    }
  }

  #fillReach(series: number, last: number, level: SeriesLevel, reach: Float32Array, window: number): void {
    const { historyWeeks } = this.shape;
    const { offsets, logDemand } = this.store;
    for (let row = Math.max(offsets[series]!, last - historyWeeks + 1); row <= last; row++)
      if (!Number.isNaN(logDemand[row]!))
        this.#reachInto(reach, (window + 1) * historyWeeks - 1 - (last - row), level, row);
  }

  /** How much of each segment of the curve the price of a row reaches. */
  #reachInto(reach: Float32Array, cell: number, level: SeriesLevel, row: number): void {
    const position = this.positionOf(level, row);
    const depth = -Math.log1p(-this.store.discount[row]!);
    for (let k = 0; k < CURVE_SLOPES; k++) reach[cell * CURVE_SLOPES + k] = reachOf(position, depth, k);
  }

  #fillPlanned(series: number, last: number, into: Float32Array, window: number): void {
    const { horizon } = this.shape;
    const { offsets, planned, plannedWidth } = this.store;
    const start = Math.max(offsets[series]!, last + 1);
    const end = Math.min(offsets[series + 1]!, last + 1 + horizon);
    if (start >= end) return;
    const at = (window * horizon + start - last - 1) * plannedWidth;
    into.set(planned.subarray(start * plannedWidth, end * plannedWidth), at);
  }
}
