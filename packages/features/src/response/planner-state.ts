import { DAYS_PER_WEEK } from '@hemline/core';
import type { AdjustedLevels } from './adjusted-levels.ts';
import { hinges, standardised } from './state-columns.ts';
import type { ResponseRows } from './response-rows.ts';

/** Weeks of age from which a level is as good as it gets. */
const SEASONED = 8;
/** Log of the units a week around which levels of more and of fewer are told apart, and how far. */
const [USUAL_VOLUME, VOLUME_RANGE] = [1.5, 3];
/** Weeks after which planners have forgotten half of a week's sales. */
const PLANNER_HALF_LIFE = 2;
/** Weeks that stock is to last where no season ends. */
const ENDLESS = 12;

const LIFE_KNOTS = [0, 1, 2, 4, 8, 16, 30, 60];
const PROGRESS_KNOTS = [0, 0.25, 0.5, 0.75, 1];
const COVER_KNOTS = [-1, 0, 1, 1.5, 2, 2.5, 3, 3.5, 4, 6];
const PRESSURE_KNOTS = [-2, -0.5, 0.15, 0.7, 2, 4];
const YOUNG = [1, 3, 8];

/** How a level enters: alone, by how old the series is, by how much is sold, and by both. */
const LEVEL_FORMS = 4;

/**
 * What whoever sets discounts saw before a week, and what past demand says of it, as columns of numbers: the nuisance that the
 * response to the price is told apart from. Nothing in a row is known later than the start of its week.
 */
export class PlannerState {
  readonly #rows: ResponseRows;
  /** By row: weeks since the series' first, at most {@link SEASONED}, as a share of that. */
  readonly #age: Float64Array;
  readonly #rate: Float64Array;
  readonly #fixed: readonly Float64Array[];
  readonly #hasStock: boolean;

  /**
   * @param rows of all series
   * @param expected of each series: units a week that its like sells, discounts and all
   */
  constructor(rows: ResponseRows, expected: Float64Array) {
    this.#rows = rows;
    const { offsets, weeks } = rows;
    const age = new Float64Array(weeks.length);
    for (let s = 0; s + 1 < offsets.length; s++)
      for (let row = offsets[s]!; row < offsets[s + 1]!; row++) age[row] = row - offsets[s]!;
    this.#age = age.map((one) => Math.min(one, SEASONED) / SEASONED);
    this.#rate = salesRate(rows, expected);
    this.#hasStock = rows.stock.some((units) => !Number.isNaN(units));
    this.#fixed = this.#fixedColumns(age);
  }

  /**
   * @param levels one of each half-life, in order
   * @param logPrior of each row: log of the units that are expected of its like
   * @returns columns, and how the lift of past weeks enters each row by way of the levels
   */
  columns(
    levels: readonly AdjustedLevels[],
    logPrior: Float64Array,
  ): { readonly columns: readonly Float64Array[]; readonly levelForms: readonly Float64Array[] } {
    const over = levels.map(({ level }) => level.map((one, row) => one - logPrior[row]!));
    const longest = over.at(-1)!;
    const volume = levels
      .at(-1)!
      .level.map((one) => Math.max(-VOLUME_RANGE, Math.min(VOLUME_RANGE, one - USUAL_VOLUME)));
    const levelForms = [
      new Float64Array(volume.length).fill(1),
      this.#age,
      volume,
      volume.map((one, row) => one * this.#age[row]!),
    ];
    const columns: Float64Array[] = over.flatMap((one) =>
      levelForms.map((form) => form.map((f, row) => f * one[row]!)),
    );
    for (const one of over.slice(0, -1)) {
      const gap = one.map((value, row) => value - longest[row]!);
      columns.push(
        gap.map((value) => value * value),
        gap.map((value) => Math.max(0, value)),
      );
    }
    columns.push(
      longest.map((value) => value * value),
      this.#rate.map((rate, row) => rate - logPrior[row]!),
    );
    if (this.#hasStock) {
      const { stock } = this.#rows;
      columns.push(
        ...hinges(
          levels[1]!.level.map((level, row) => logStock(stock[row]!) - level),
          COVER_KNOTS,
        ),
      );
    }
    return { columns: [...columns, ...this.#fixed], levelForms };
  }

  /** What does not change with the estimate of the response. */
  #fixedColumns(age: Float64Array): Float64Array[] {
    const { offsets, weeks, launch, seasonEnd, stock, planned, blackPrice } = this.#rows;
    const life = age.slice();
    const left = new Float64Array(age.length).fill(ENDLESS);
    const progress = new Float64Array(age.length);
    for (let s = 0; s + 1 < offsets.length; s++) {
      for (let row = offsets[s]!; row < offsets[s + 1]!; row++) {
        if (!Number.isNaN(launch[s]!)) life[row] = (weeks[row]! - launch[s]!) / DAYS_PER_WEEK;
        if (Number.isNaN(seasonEnd[s]!)) continue;
        left[row] = Math.max(0, (seasonEnd[s]! - weeks[row]!) / DAYS_PER_WEEK) + 1;
        progress[row] = life[row]! / (life[row]! + left[row]!);
      }
    }
    const logLeft = left.map(Math.log);
    const columns: Float64Array[] = [
      ...hinges(life, LIFE_KNOTS),
      ...YOUNG.map((weeksOld) => age.map((one) => Math.min(one, weeksOld))),
    ];
    if (seasonEnd.some((week) => !Number.isNaN(week)))
      columns.push(...hinges(progress, PROGRESS_KNOTS), logLeft);
    if (this.#hasStock) {
      const cover = this.#rate.map((rate, row) => logStock(stock[row]!) - rate);
      columns.push(
        ...hinges(
          cover.map((one, row) => one - Math.log(progress[row] === 0 || left[row]! > 60 ? 12 : left[row]!)),
          PRESSURE_KNOTS,
        ),
        ...hinges(cover, COVER_KNOTS),
      );
    }
    for (const values of planned.values()) columns.push(standardised(values));
    columns.push(standardised(priceChange(blackPrice, offsets)));
    return columns;
  }

  /** How many columns each level gives, in order, at the beginning of {@link columns}. */
  static get levelWidth(): number {
    return LEVEL_FORMS;
  }
}

/**
 * Log of sales as a planner remembers them, discounts and all. Memory begins with what was expected of the series' like, and the first
 * weeks move it no more than later ones do.
 */
function salesRate({ offsets, demand }: ResponseRows, expected: Float64Array): Float64Array {
  const kept = 2 ** (-1 / PLANNER_HALF_LIFE);
  const rate = new Float64Array(demand.length);
  for (let s = 0; s + 1 < offsets.length; s++) {
    let remembered = expected[s]!;
    for (let row = offsets[s]!; row < offsets[s + 1]!; row++) {
      rate[row] = Math.log(remembered + 0.1);
      if (!Number.isNaN(demand[row]!)) remembered = kept * remembered + (1 - kept) * demand[row]!;
    }
  }
  return rate;
}

function logStock(units: number): number {
  return Number.isNaN(units) ? NaN : Math.log(Math.max(0, units) + 0.5);
}

/** Log of the black price over its mean so far in the series. */
function priceChange(blackPrice: Float64Array, offsets: Uint32Array): Float64Array {
  const change = new Float64Array(blackPrice.length).fill(NaN);
  for (let s = 0; s + 1 < offsets.length; s++) {
    let [sum, count] = [0, 0];
    for (let row = offsets[s]!; row < offsets[s + 1]!; row++) {
      if (Number.isNaN(blackPrice[row]!)) continue;
      const log = Math.log(blackPrice[row]!);
      sum += log;
      count++;
      change[row] = log - sum / count;
    }
  }
  return change;
}
