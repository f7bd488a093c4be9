import { KeyIndex, type Batch } from '@hemline/core';
import type { SoldCohorts } from './cohort-table.ts';
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
   * @param items one a series
   * @param columns of the group; items without them belong to one
   * @param timelines of the series
   * @param weeks from the first to the cutoff's, both included
   * @returns the sums of the groups that there are
   */
  static by(items: Batch, columns: readonly string[], timelines: WeeklyCounts, weeks: number): GroupSums {
    const index = new KeyIndex(columns);
    const groups = index.add(items);
    return new GroupSums(groups, index.size, timelines, weeks);
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

/** Mean log black price of each group; NaN where no price is known. */
export class GroupPrices {
  readonly #means: Float64Array;

  /** @param means by group */
  constructor(means: Float64Array) {
    this.#means = means;
  }

  /**
   * @param table cohorts
   * @param groups group of each series
   * @param count of groups
   * @returns means over series, each counting once
   */
  static fit(table: SoldCohorts, groups: Int32Array, count: number): GroupPrices {
    const sums = new Float64Array(count);
    const known = new Float64Array(count);
    groups.forEach((group, series) => {
      const from = table.offsets[series]!;
      const to = table.offsets[series + 1]!;
      const price = table.price.subarray(from, to).findLast((one) => one > 0);
      if (price === undefined) return;
      sums[group]! += Math.log(price);
      known[group]!++;
    });
    return new GroupPrices(sums.map((sum, group) => sum / known[group]!));
  }

  /**
   * @param group its number; −1 for none
   * @returns the mean
   */
  of(group: number): number {
    return this.#means[group] ?? NaN;
  }

  /** Means by group. */
  get values(): Float64Array {
    return this.#means;
  }
}
