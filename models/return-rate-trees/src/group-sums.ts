import type { WeeklyCounts } from './counts.ts';

/** Counts of one kind of group (group × market, brand …) as of each week. */
export class GroupSums implements WeeklyCounts {
  /** Number of the group of each series. */
  readonly groups: Int32Array;
  /** Groups there are. */
  readonly count: number;
  readonly returned: Float64Array;
  readonly exposure: Float64Array;
  readonly #weeks: number;

  /**
   * @param groups number of the group of each series
   * @param count of groups
   * @param timelines of the series
   * @param weeks from the first to the cutoff's, both included
   */
  constructor(groups: Int32Array, count: number, timelines: WeeklyCounts, weeks: number) {
    this.groups = groups;
    this.count = count;
    this.#weeks = weeks;
    this.exposure = new Float64Array(count * weeks);
    this.returned = new Float64Array(count * weeks);
    for (let series = 0; series < groups.length; series++) {
      const to = groups[series]! * weeks;
      for (let week = 0; week < weeks; week++) {
        const from = timelines.at(series, week);
        if (from === -1) continue;
        this.exposure[to + week]! += timelines.exposure[from]!;
        this.returned[to + week]! += timelines.returned[from]!;
      }
    }
  }

  /**
   * @param group its number
   * @param week as of whose end
   * @returns where its counts stand; −1 before the first week
   */
  at(group: number, week: number): number {
    return week < 0 ? -1 : group * this.#weeks + Math.min(week, this.#weeks - 1);
  }
}
