import type { ArticlePlan } from '../article/article-plan.ts';
import type { ArticleProblem } from '../article/article-problem.ts';
import type { BusinessLimit } from '../limits/limits-schema.ts';

/** What a limit comes to under some plans. */
export interface MeasuredLimit {
  readonly limit: BusinessLimit;
  /** Rate, units or amount, as the limit states its bounds; NaN of a rate of nothing sold. */
  readonly value: number;
  /** Sales at list prices, of a discount rate: what a change of the rate is multiplied by. 1 of other limits. */
  readonly base: number;
}

/** Sums over articles, by limit. */
export interface LimitSums {
  readonly value: Float64Array;
  readonly base: Float64Array;
}

/** Adds up limits over the plans of all articles. */
export interface LimitMeasure {
  readonly add: (problem: ArticleProblem, plan: ArticlePlan, article: number) => void;
  /** So far. */
  readonly sums: LimitSums;
  readonly finish: () => readonly MeasuredLimit[];
}
