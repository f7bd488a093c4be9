import type { Batch } from '@hemline/core';
import { jackknife } from '../monitoring/jackknife.ts';
import { ARTICLE_GROUPS, articleGroup } from '../monitoring/ratio-panel.ts';

/**
 * The standard error of a ratio of sums over rows, by the delete-a-group jackknife with an article's rows in one group: what the
 * ratio would scatter by had other articles been scored. Memory is a kilobyte, whatever the number of rows.
 */
export class ClusteredError {
  readonly #sums = new Float64Array(2 * ARTICLE_GROUPS);
  readonly #statistic: (ratio: number) => number;

  /** @param statistic of the ratio, such as its root; the ratio itself by default */
  constructor(statistic: (ratio: number) => number = (ratio) => ratio) {
    this.#statistic = statistic;
  }

  /**
   * @param group of the row's article, by {@link articleGroup}
   * @param numerator to add
   * @param denominator to add
   */
  add(group: number, numerator: number, denominator: number): void {
    this.#sums[2 * group]! += numerator;
    this.#sums[2 * group + 1]! += denominator;
  }

  /** Of the statistic, in its unit; NaN where fewer than two groups have rows. */
  get standardError(): number {
    return jackknife([this.#sums], ([numerator, denominator]) => this.#statistic(numerator! / denominator!))
      .error;
  }
}

/**
 * @param items with the column `article`
 * @returns the group of each row, for {@link ClusteredError}
 */
export function articleGroups(items: Batch): Uint8Array {
  const { values, dictionary } = items.strings('article');
  const groups = dictionary.map(articleGroup);
  return Uint8Array.from(values, (code) => groups[code]!);
}
