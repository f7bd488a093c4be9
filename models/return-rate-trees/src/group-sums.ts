import { NO_COUNTS, type Counts, type Timelines } from './timelines.ts';

/** Counts of one kind of group (group × market, brand …) as of each week. */
export class GroupSums {
  readonly groups: Int32Array;
  readonly count: number;
  readonly #weeks: number;
  readonly #exposure: Float64Array;
  readonly #returned: Float64Array;

  /**
   * @param groups number of the group of each series
   * @param count of groups
   * @param timelines of the series
   * @param weeks from the first to the cutoff's, both included
   */
  constructor(groups: Int32Array, count: number, timelines: Timelines, weeks: number) {
    this.groups = groups;
    this.count = count;
    this.#weeks = weeks;
    this.#exposure = new Float64Array(count * weeks);
    this.#returned = new Float64Array(count * weeks);
    for (let series = 0; series < groups.length; series++) {
      const at = groups[series]! * weeks;
      for (let week = 0; week < weeks; week++) {
        const { exposure, returned } = timelines.counts(series, week);
        this.#exposure[at + week]! += exposure;
        this.#returned[at + week]! += returned;
      }
    }
  }

  /**
   * @param group its number
   * @param week as of whose end; before the first nothing is known
   * @returns its counts
   */
  counts(group: number, week: number): Counts {
    if (week < 0) return NO_COUNTS;
    const at = group * this.#weeks + Math.min(week, this.#weeks - 1);
    return { returned: this.#returned[at]!, exposure: this.#exposure[at]! };
  }
}
