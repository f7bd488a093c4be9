import type { CohortTable } from './cohort-table.ts';

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
  static fit(table: CohortTable, groups: Int32Array, count: number): GroupPrices {
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
