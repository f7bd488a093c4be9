import { DAYS_PER_WEEK } from '@hemline/core';
import type { SeriesLevel, Windows } from '../windows.ts';

/** Weeks that means of log demand reach back. */
const MEANS = [4, 8, 13, 26, 52] as const;
/** Weeks that deviations of log demand reach back. */
const DEVIATIONS = [13, 26, 52] as const;
/** Weeks that means with and without a discount reach back. */
const BY_DISCOUNT = 26;
/** A discount of less is none. */
const LEAST_DISCOUNT = 0.02;
/** Last weeks whose demand and discount are told one by one. */
const LAGS = 4;
/** Weeks before the week itself, a year ago. */
const YEAR_LAGS = [51, 52, 53] as const;
const DAYS_PER_YEAR = 365.25;

const HISTORY = [
  'level',
  'support',
  'prior',
  ...MEANS.map((weeks) => `mean ${weeks}`),
  ...DEVIATIONS.map((weeks) => `deviation ${weeks}`),
  'known 52',
  'mean without discount',
  'mean with discount',
  'mean discount',
  ...Array.from({ length: LAGS }, (_, lag) => `lag ${lag}`),
  ...Array.from({ length: LAGS }, (_, lag) => `discount lag ${lag}`),
] as const;
const WEEK = [
  'ahead',
  'week of year',
  ...YEAR_LAGS.map((lag) => `year lag ${lag}`),
  'log black price',
] as const;
/** What the discount of the week acts through, and whether demand rises or falls with it. */
const PRICE = [
  ['discount', 1],
  ['log price', -1],
  ['log price over usual', -1],
] as const;

/** What is known of a series at a cutoff. */
export interface TreeHistory {
  readonly series: number;
  /** The last known row. */
  readonly row: number;
  readonly level: SeriesLevel;
  /** Numbers of {@link HISTORY}. */
  readonly numbers: Float32Array;
}

/**
 * What the trees are told of a week ahead of a cutoff: the history of the series up to the cutoff, what is planned for the week, its
 * price. Nothing of other series, so that it does not matter which of them are forecast together.
 */
export class TreeFeatures {
  /** Of the columns. */
  readonly names: readonly string[];
  /** 1 or −1 where demand never falls or never rises with a column, else 0. */
  readonly signs: readonly number[];
  /** Numbers of the columns that hold categories. */
  readonly categorical: readonly number[];
  readonly #windows: Windows;
  readonly #planned: number;
  readonly #price: number;

  /** @param windows of the series */
  constructor(windows: Windows) {
    const { plannedWidth, staticsWidth, codesWidth } = windows.store;
    const numbered = (name: string, count: number): string[] =>
      Array.from({ length: count }, (_, i) => `${name} ${i}`);
    const before = [...HISTORY, ...WEEK, ...numbered('planned', plannedWidth)];
    this.#windows = windows;
    this.#planned = HISTORY.length + WEEK.length;
    this.#price = before.length;
    const statics = [...PRICE.map(([name]) => name), ...numbered('static', staticsWidth)];
    const codes = numbered('code', codesWidth);
    this.names = [...before, ...statics, ...codes];
    const first = this.names.length - codesWidth;
    this.categorical = codes.map((_, i) => first + i);
    this.signs = this.names.map((_, i) => PRICE[i - this.#price]?.[1] ?? 0);
  }

  /**
   * @param series number
   * @param row the last known one; the one before the series' first where nothing is known
   * @returns what is known then
   */
  historyOf(series: number, row: number): TreeHistory {
    const { store } = this.#windows;
    const { logDemand, discount, prior, offsets } = store;
    const start = offsets[series]!;
    const level = this.#windows.levelOf(series, row);
    const without = new Mean();
    const withDiscount = new Mean();
    const discounts = new Mean();
    const demand = new Mean();
    const over = new Map<number, { mean: number; deviation: number; count: number }>();
    const longest = MEANS[MEANS.length - 1]!;
    for (let back = 0; back < longest; back++) {
      const at = row - back;
      const log = at < start ? NaN : logDemand[at]!;
      if (!Number.isNaN(log)) {
        demand.add(log);
        if (back < BY_DISCOUNT) {
          discounts.add(discount[at]!);
          (discount[at]! < LEAST_DISCOUNT ? without : withDiscount).add(log);
        }
      }
      const weeks = back + 1;
      if ((MEANS as readonly number[]).includes(weeks))
        over.set(weeks, { mean: demand.mean, deviation: demand.deviation, count: demand.count });
    }
    const lag = (values: Float32Array, back: number): number =>
      row - back < start ? NaN : values[row - back]!;
    const lags = Array.from({ length: LAGS }, (_, back) => back);
    const numbers = Float32Array.of(
      level.level,
      level.support,
      prior[series]!,
      ...MEANS.map((weeks) => over.get(weeks)!.mean),
      ...DEVIATIONS.map((weeks) => over.get(weeks)!.deviation),
      over.get(longest)!.count,
      without.mean,
      withDiscount.mean,
      discounts.mean,
      ...lags.map((back) => lag(logDemand, back)),
      ...lags.map((back) => lag(discount, back)),
    );
    return { series, row, level, numbers };
  }

  /**
   * Writes all numbers of a week, at no price yet.
   * @param history of the series
   * @param ahead weeks from the cutoff to the week, 1 or more
   * @param columns as many as names
   * @param at position to write to
   */
  writeWeek(history: TreeHistory, ahead: number, columns: readonly Float32Array[], at: number): void {
    const { store } = this.#windows;
    const { series, row, numbers } = history;
    const [start, end] = [store.offsets[series]!, store.offsets[series + 1]!];
    const week = Math.max(start, Math.min(end - 1, row + ahead));
    let column = 0;
    const write = (value: number): void => {
      columns[column++]![at] = value;
    };
    for (const number of numbers) write(number);
    write(ahead);
    const day = store.weeks[start]! + DAYS_PER_WEEK * (row + ahead - start);
    write(Math.floor((day % DAYS_PER_YEAR) / DAYS_PER_WEEK));
    for (const lag of YEAR_LAGS) {
      const before = row + ahead - lag;
      write(before < start || before > row ? NaN : store.logDemand[before]!);
    }
    write(Math.log(store.blackPrice[week]!));
    for (let i = 0; i < store.plannedWidth; i++) write(store.planned[week * store.plannedWidth + i]!);
    column = this.#price + PRICE.length;
    for (let i = 0; i < store.staticsWidth; i++) write(store.statics[series * store.staticsWidth + i]!);
    for (let i = 0; i < store.codesWidth; i++) write(store.codes[series * store.codesWidth + i]!);
  }

  /**
   * Writes the numbers of a price.
   * @param history of the series
   * @param discount of the week
   * @param columns with the week at the same position
   * @param at position to write to
   */
  writePrice(history: TreeHistory, discount: number, columns: readonly Float32Array[], at: number): void {
    const logPrice = columns[this.#planned - 1]![at]! + Math.log1p(-discount);
    columns[this.#price]![at] = discount;
    columns[this.#price + 1]![at] = logPrice;
    columns[this.#price + 2]![at] = logPrice - history.level.logPrice;
  }
}

/** Mean and deviation of numbers as they come (Welford 1962); NaN of none. */
class Mean {
  count = 0;
  #mean = 0;
  #squares = 0;

  add(value: number): void {
    this.count++;
    const before = value - this.#mean;
    this.#mean += before / this.count;
    this.#squares += before * (value - this.#mean);
  }

  get mean(): number {
    return this.count === 0 ? NaN : this.#mean;
  }

  get deviation(): number {
    return this.count === 0 ? NaN : Math.sqrt(this.#squares / this.count);
  }
}
