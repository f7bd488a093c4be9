import { DAYS_PER_WEEK, type Week } from '@hemline/core';

/**
 * A function of the week alone, worked out once for every week that occurs, however many series have it. Grows as weeks
 * are asked for; all of them must begin on the same weekday.
 */
export class WeekTable {
  readonly #compute: (weeks: Int32Array) => Float64Array;
  #first: Week = 0;
  #values: Float64Array = new Float64Array(0);

  /** @param compute values of consecutive weeks */
  constructor(compute: (weeks: Int32Array) => Float64Array) {
    this.#compute = compute;
  }

  /**
   * Copies the values of consecutive weeks.
   * @param week the first
   * @param out to write to
   * @param from first row
   * @param to row after the last
   */
  copy(week: Week, out: Float64Array, from: number, to: number): void {
    let slot = (week - this.#first) / DAYS_PER_WEEK;
    if (!Number.isInteger(slot) || slot < 0 || slot + to - from > this.#values.length) {
      this.#cover(week, to - from);
      slot = (week - this.#first) / DAYS_PER_WEEK;
    }
    const values = this.#values;
    for (let row = from; row < to; row++) out[row] = values[slot + row - from]!;
  }

  #cover(week: Week, count: number): void {
    const end = week + count * DAYS_PER_WEEK;
    const isSameWeekday = (week - this.#first) % DAYS_PER_WEEK === 0 && this.#values.length > 0;
    const first = isSameWeekday ? Math.min(week, this.#first) : week;
    const last = isSameWeekday ? Math.max(end, this.#first + this.#values.length * DAYS_PER_WEEK) : end;
    const length = (last - first) / DAYS_PER_WEEK;
    this.#values = this.#compute(Int32Array.from({ length }, (_, i) => first + i * DAYS_PER_WEEK));
    this.#first = first;
  }
}
