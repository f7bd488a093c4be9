import { DAYS_PER_WEEK, type Batch, type Week } from '@hemline/core';
import type { GroupTotals } from '../groups/group-totals.ts';
import type { GroupFeature } from '../kinds/feature.ts';

/** A feature of groups, worked out for every group as of every week of the grid. */
export class GroupLookup {
  readonly #values: Float64Array;
  readonly #origin: Week;
  readonly #weeks: number;
  readonly #unknown: number;
  readonly #before: number;
  readonly #find: (series: Batch) => Int32Array;

  /**
   * @param feature to work out
   * @param totals of all panels
   */
  constructor(feature: GroupFeature, totals: GroupTotals) {
    const sums = totals.of(feature);
    if (!Number.isNaN(sums.origin) && Number.isFinite(totals.cutoff)) sums.reach(sums.origin, totals.cutoff);
    const { weeks, groups, origin } = sums;
    const kernel = feature.kernel();
    const phase = Math.floor(origin / DAYS_PER_WEEK);
    const { sum, count, zeros } = sums.totals;
    const together = sums.all();
    const all = [together.sum, together.count];
    // After the last group: one that nothing is known of.
    this.#values = new Float64Array((groups + 1) * weeks);
    for (let group = 0; group < groups; group++) {
      const from = group * weeks;
      kernel([sum, count, zeros, ...all], from, from + weeks, phase, this.#values, from);
    }
    const nothing = new Float64Array(weeks);
    kernel([nothing, nothing, nothing, ...all], 0, weeks, phase, this.#values, groups * weeks);
    this.#origin = origin;
    this.#weeks = weeks;
    this.#unknown = groups;
    this.#before = feature.before;
    this.#find = (series) =>
      sums.find(series.select(feature.by)).map((group) => (group === -1 ? groups : group));
  }

  /**
   * @param series one row each, with the attributes
   * @returns where each series finds its group
   */
  groupsOf(series: Batch): Int32Array {
    return this.#weeks === 0 ? new Int32Array(series.length).fill(this.#unknown) : this.#find(series);
  }

  /**
   * @param group as `groupsOf` gives it
   * @param week as of which
   * @returns the value
   */
  at(group: number, week: Week): number {
    const slot = (week - this.#origin) / DAYS_PER_WEEK;
    if (slot < 0) return this.#before;
    return slot < this.#weeks ? this.#values[group * this.#weeks + slot]! : NaN;
  }

  /**
   * Copies the values as of consecutive weeks.
   * @param group as `groupsOf` gives it
   * @param week the first
   * @param out to write to
   * @param from first row
   * @param to row after the last
   */
  copy(group: number, week: Week, out: Float64Array, from: number, to: number): void {
    const slot = (week - this.#origin) / DAYS_PER_WEEK;
    const base = group * this.#weeks + slot - from;
    const first = Math.min(to, Math.max(from, from - slot));
    const end = Math.max(first, Math.min(to, from + this.#weeks - slot));
    for (let row = from; row < first; row++) out[row] = this.#before;
    for (let row = first; row < end; row++) out[row] = this.#values[base + row]!;
    for (let row = end; row < to; row++) out[row] = NaN;
  }
}
