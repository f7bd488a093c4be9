import { DAYS_PER_WEEK, type Week } from '@hemline/core';

/** Room for so many series at first. */
const INITIAL_SERIES = 64;

/** The last season of many series: one value a week, NaN where nothing was observed. 8 bytes × season a series. */
export class LastSeason {
  readonly season: number;
  readonly cutoff: Week;
  #values: Float64Array;

  /**
   * @param season its length in weeks
   * @param cutoff the last known week
   */
  constructor(season: number, cutoff: Week) {
    this.season = season;
    this.cutoff = cutoff;
    this.#values = new Float64Array(INITIAL_SERIES * season).fill(NaN);
  }

  /**
   * Adds an observation; those before the last season are passed over.
   * @param series its number
   * @param week of the observation, not after the cutoff
   * @param value observed
   */
  add(series: number, week: Week, value: number): void {
    const age = Math.floor((this.cutoff - week) / DAYS_PER_WEEK);
    if (age >= this.season) return;
    const slot = series * this.season + age;
    if (slot >= this.#values.length) this.#grow((series + 1) * this.season);
    this.#values[slot] = value;
  }

  /**
   * The value of the same week of the last season that is known.
   * @param series its number
   * @param week after the cutoff
   * @returns the value, NaN where that week was not observed
   */
  at(series: number, week: Week): number {
    const ahead = Math.ceil((week - this.cutoff) / DAYS_PER_WEEK);
    const age = this.season - 1 - ((ahead - 1) % this.season);
    return this.#values[series * this.season + age] ?? NaN;
  }

  #grow(slots: number): void {
    const values = new Float64Array(Math.max(slots, 2 * this.#values.length)).fill(NaN);
    values.set(this.#values);
    this.#values = values;
  }
}
