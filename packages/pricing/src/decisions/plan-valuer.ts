import { roundDiscount } from '@hemline/core';
import { newArticlePlan, type ArticlePlan } from '../article/article-plan.ts';
import { simulatePlan } from '../article/simulate-plan.ts';
import type { LimitMeasure } from '../coordinator/limit-measure.ts';
import type { ArticleTable } from '../inputs/article-table.ts';
import type { PricingSettings } from '../inputs/defaults.ts';
import { ProblemFiller } from '../inputs/fill-problem.ts';

/** What a week of a market comes to under a plan. */
export interface ValuedCell {
  /** Units sold, expected. */
  readonly sales: number;
  /** Profit of one of them: less tax, shipping and returns. */
  readonly margin: number;
}

/**
 * What plans of an article come to by the forecasts, whatever limits say: discounts need not be levels of the grid. N series, T weeks of the
 * table; cell n · T + t.
 */
export class PlanValuer {
  readonly #table: ArticleTable;
  readonly #filler: ProblemFiller;
  readonly #discounts: Float64Array;
  readonly #demandScale: Float64Array;
  #article = -1;
  #plan: ArticlePlan = newArticlePlan(1, 1, 1);

  /**
   * @param table all articles
   * @param settings share of costs that vary, whether demand is certain
   */
  constructor(table: ArticleTable, settings: Pick<PricingSettings, 'variableCostShare' | 'certain'>) {
    this.#table = table;
    const cells = table.market.length * table.weeks.length;
    this.#discounts = new Float64Array(cells).fill(NaN);
    this.#demandScale = new Float64Array(cells).fill(1);
    this.#filler = new ProblemFiller(table, [], settings, this.#discounts);
  }

  /**
   * @param cell of a series and week
   * @returns the article that it is of, a row
   */
  articleOf(cell: number): number {
    const { offsets, weeks } = this.#table;
    const series = Math.floor(cell / weeks.length);
    let [low, high] = [0, offsets.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (offsets[middle]! <= series) low = middle;
      else high = middle;
    }
    return low;
  }

  /**
   * @param article row
   * @returns whether it is on sale in these weeks
   */
  isPriced(article: number): boolean {
    return this.#filler.isPriced(article);
  }

  /**
   * Sets a discount of the plan.
   * @param cell of a series and week
   * @param discount share of the list price
   */
  set(cell: number, discount: number): void {
    this.#discounts[cell] = roundDiscount(discount);
  }

  /**
   * @param cell of a series and week
   * @returns the discount of the plan; NaN where none is set
   */
  discountAt(cell: number): number {
    return this.#discounts[cell]!;
  }

  /**
   * Takes demand to be another than was forecast.
   * @param cell of a series and week
   * @param factor of the forecast at every level
   */
  scaleDemand(cell: number, factor: number): void {
    this.#demandScale[cell] = factor;
  }

  /**
   * What an article's plan comes to, as `simulatePlan` tells it. In weeks without a discount today's is held.
   * @param article row, of one that is priced
   * @returns its value: profit of all weeks, with the worth of what is left
   */
  value(article: number): number {
    this.#article = article;
    // No limits are given, so none are contradicted.
    this.#filler.fill(article);
    const { problem, levels } = this.#filler;
    const { markets: M, weeks: T, levelCount: L, stocks, limits } = problem;
    this.#plan = newArticlePlan(M, T, stocks);
    for (let m = 0; m < M; m++)
      for (let t = 0; t < T; t++) {
        const cell = this.#cell(m, t);
        const at = m * T + t;
        const discount = this.#discounts[cell]!;
        this.#plan.level[at] = Number.isNaN(discount)
          ? Math.max(0, limits.current[m]!)
          : levels.discounts.indexOf(discount);
        const scale = this.#demandScale[cell]!;
        if (scale !== 1) for (let l = 0; l < L; l++) problem.demand[at * L + l]! *= scale;
      }
    return simulatePlan(problem, this.#plan.level, this.#plan);
  }

  /**
   * @param cell of the article that was valued last
   * @returns what the week comes to under its plan
   */
  valued(cell: number): ValuedCell {
    const { weeks, offsets } = this.#table;
    const { problem } = this.#filler;
    const m = Math.floor(cell / weeks.length) - offsets[this.#article]!;
    const at = m * problem.weeks + (cell % weeks.length);
    return {
      sales: this.#plan.sales[at]!,
      margin: problem.margin[at * problem.levelCount + this.#plan.level[at]!]!,
    };
  }

  /**
   * Units in stock at the end of each week, all markets of the article that was valued last together.
   * @returns a number a week of its problem, to its last week on sale; NaN where stock is taken never to run out
   */
  left(): Float64Array {
    const { problem } = this.#filler;
    const { stocks: S, weeks: T, markets: M } = problem;
    const first = this.#table.offsets[this.#article]!;
    const isEndless = Array.from({ length: M }, (_, m) => this.#table.stock[first + m]).includes(Infinity);
    return Float64Array.from({ length: T }, (_, t) => {
      let sum = isEndless ? NaN : 0;
      for (let s = 0; s < S; s++) sum += this.#plan.left[s * T + t]!;
      return sum;
    });
  }

  /**
   * Adds the article that was valued last, with its plan, to what limits come to.
   * @param measure of limits of the same table
   */
  measureInto(measure: LimitMeasure): void {
    measure.add(this.#filler.problem, this.#plan, this.#article);
  }

  #cell(m: number, t: number): number {
    return (this.#table.offsets[this.#article]! + m) * this.#table.weeks.length + t;
  }
}
