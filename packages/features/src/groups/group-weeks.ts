import { DAYS_PER_WEEK, KeyIndex, type Batch, type Week } from '@hemline/core';
import type { FilledPanel } from '../panel/filled-panel.ts';

/** Weeks for which there is room at first. */
const INITIAL_WEEKS = 128;

/** The sums that are kept for each group and week. */
interface Sums {
  readonly sum: Float64Array;
  readonly count: Float64Array;
  readonly zeros: Float64Array;
}

/**
 * Weekly sums, counts and numbers of zeros of one column over all series of a group. Panels are added one by one; memory grows with groups × weeks alone. Every week stands for itself, so that any week can be asked
 * for what was known in it.
 */
export class GroupWeeks {
  readonly by: readonly string[];
  readonly column: string;
  readonly #index: KeyIndex;
  #origin: Week = NaN;
  #weeks = 0;
  #sums: Sums = sums(0);

  /**
   * @param by attributes of the series that make a group
   * @param column to sum up
   */
  constructor(by: readonly string[], column: string) {
    this.by = by;
    this.column = column;
    this.#index = new KeyIndex(by);
  }

  /** First week of the grid; NaN while nothing was added. */
  get origin(): Week {
    return this.#origin;
  }

  /** Weeks of the grid: group g has the entries g × weeks … (g + 1) × weeks. */
  get weeks(): number {
    return this.#weeks;
  }

  get groups(): number {
    return this.#index.size;
  }

  /** Of each group and week. */
  get totals(): Sums {
    return this.#sums;
  }

  /** Sum and count of each week over all groups together. */
  all(): Pick<Sums, 'sum' | 'count'> {
    const sum = new Float64Array(this.#weeks);
    const count = new Float64Array(this.#weeks);
    for (let entry = 0; entry < this.groups * this.#weeks; entry++) {
      sum[entry % this.#weeks]! += this.#sums.sum[entry]!;
      count[entry % this.#weeks]! += this.#sums.count[entry]!;
    }
    return { sum, count };
  }

  /**
   * Numbers of the groups that the series of a panel belong to.
   * @param series one row each, with the attributes
   * @returns a number a series, −1 for a group that was never added
   */
  find(series: Batch): Int32Array {
    return this.#index.find(series);
  }

  /**
   * Adds the rows of a panel.
   * @param panel whose series have the attributes
   * @param values of the column, NaN where missing
   * @param until weeks after this one are left out
   */
  add(panel: FilledPanel, values: Float64Array, until: Week): void {
    const { offsets, weeks } = panel;
    const groups = this.#index.add(panel.series.select(this.by));
    if (weeks.length === 0) return;
    this.#cover(weeks, offsets, this.#index.size);
    const { sum, count, zeros } = this.#sums;
    for (let series = 0; series + 1 < offsets.length; series++) {
      const from = offsets[series]!;
      const first = weeks[from]!;
      const rows = Math.min(offsets[series + 1]! - from, Math.floor((until - first) / DAYS_PER_WEEK) + 1);
      const at = groups[series]! * this.#weeks + (first - this.#origin) / DAYS_PER_WEEK;
      for (let row = 0; row < rows; row++) {
        const value = values[from + row]!;
        if (value !== value) continue;
        sum[at + row]! += value;
        count[at + row]!++;
        zeros[at + row]! += Number(value === 0);
      }
    }
  }

  /**
   * Makes room, so that a week has an entry even where nothing was observed in it.
   * @param first week
   * @param last week
   */
  reach(first: Week, last: Week): void {
    if (Number.isNaN(this.#origin)) this.#origin = first;
    const before = Math.max(0, Math.ceil((this.#origin - first) / DAYS_PER_WEEK));
    const needed = Math.ceil((Math.max(last, this.#origin) - this.#origin) / DAYS_PER_WEEK) + 1 + before;
    this.#resize(before, needed, Math.max(1, this.groups));
  }

  #cover(weeks: Int32Array, offsets: Uint32Array, groups: number): void {
    let [first, last] = [Infinity, -Infinity];
    for (let series = 0; series + 1 < offsets.length; series++) {
      if (offsets[series] === offsets[series + 1]) continue;
      first = Math.min(first, weeks[offsets[series]!]!);
      last = Math.max(last, weeks[offsets[series + 1]! - 1]!);
    }
    if (Number.isNaN(this.#origin)) this.#origin = first;
    const before = Math.max(0, (this.#origin - first) / DAYS_PER_WEEK);
    const needed = (Math.max(last, this.#origin) - this.#origin) / DAYS_PER_WEEK + 1 + before;
    this.#resize(before, needed, groups);
  }

  /** Lays the grid out anew, with some more weeks before and room for weeks after and for groups. */
  #resize(before: number, weeks: number, groups: number): void {
    const roomForWeeks = before === 0 && weeks <= this.#weeks ? this.#weeks : 0;
    if (roomForWeeks > 0 && groups * this.#weeks <= this.#sums.sum.length) return;
    const wide =
      roomForWeeks > 0
        ? this.#weeks
        : Math.max(INITIAL_WEEKS, weeks, before === 0 ? Math.ceil(this.#weeks * 1.5) : 0);
    const entries = Math.max(groups * wide, 2 * this.#sums.sum.length);
    this.#sums = moved(this.#sums, this.#weeks, before, wide, entries);
    this.#origin -= before * DAYS_PER_WEEK;
    this.#weeks = wide;
  }
}

function sums(entries: number): Sums {
  return {
    sum: new Float64Array(entries),
    count: new Float64Array(entries),
    zeros: new Float64Array(entries),
  };
}

function moved(old: Sums, weeks: number, before: number, wide: number, entries: number): Sums {
  const room = Math.ceil(entries / wide) * wide;
  const next = sums(room);
  for (const name of ['sum', 'count', 'zeros'] as const) {
    for (let from = 0, to = before; from < old[name].length && to < room; from += weeks, to += wide)
      next[name].set(old[name].subarray(from, Math.min(from + weeks, old[name].length)), to);
  }
  return next;
}
