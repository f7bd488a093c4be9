import { addWeeks, type Week } from '@hemline/core';
import { ARTICLE_GROUPS, RatioPanel } from './ratio-panel.ts';

/**
 * Sums of demand and forecast by week and notice. A week's forecast at a notice of n weeks is the newest that was made n weeks
 * before it or earlier: what a later forecast has learnt of the week is not in it.
 */
export class NoticePanel {
  /** Of a notice of 1, 2, … weeks. */
  readonly #panels: readonly RatioPanel[];
  #rows = 0;

  /** @param longest notice, in weeks */
  constructor(longest: number) {
    this.#panels = Array.from({ length: longest }, () => new RatioPanel());
  }

  /** Rows of forecasts at a notice of one week. */
  get rows(): number {
    return this.#rows;
  }

  /**
   * @param week of the row
   * @param notices the shortest and the longest that its forecast is the newest of; longer ones than are kept are passed over
   * @param group of its article
   * @param numerator to add
   * @param denominator to add
   */
  add(
    week: Week,
    notices: readonly [number, number],
    group: number,
    numerator: number,
    denominator: number,
  ): void {
    const [shortest, longest] = notices;
    for (let notice = shortest; notice <= Math.min(longest, this.#panels.length); notice++)
      this.#panels[notice - 1]!.add(week, group, numerator, denominator);
    if (shortest === 1) this.#rows++;
  }

  /**
   * Sums of some weeks, by the newest forecasts that were made before the first of them.
   * @param last of the weeks
   * @param length number of weeks, at most the longest notice
   * @returns numerator and denominator of each group of articles, in turn; null unless every week has a forecast
   */
  sums(last: Week, length: number): Float64Array | null {
    const total = new Float64Array(2 * ARTICLE_GROUPS);
    for (let notice = 1; notice <= length; notice++) {
      const sums = this.#panels[notice - 1]!.weekSums(addWeeks(last, notice - length));
      if (sums === null) return null;
      sums.forEach((value, i) => (total[i]! += value));
    }
    return total;
  }
}
