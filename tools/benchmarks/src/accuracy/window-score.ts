import type { ErrorSums, Scores } from './forecast-scores.ts';
import type { LiftScores } from './lift-scores.ts';

/** Shares of rows at or below a forecast's quantiles, by the quantile in percent. */
export type Shares = Readonly<Record<string, number>>;

/** How well quantiles are calibrated. */
export interface WindowCoverage {
  readonly all: Shares;
  /** The week after the cutoff first. */
  readonly byWeek: readonly Shares[];
}

/** Who a forecaster is to us: one of our models, LightGBM by itself, or a mean of LightGBM's forecasts, which is no single model. */
export type ContestantKind = 'model' | 'peer' | 'peer-mean';

/** How good one forecaster with one seed is in one window. */
export interface WindowScore extends Scores {
  readonly data: string;
  /** Last known week. */
  readonly cutoff: string;
  readonly seed: number;
  readonly contestant: string;
  readonly kind: ContestantKind;
  /** Of LightGBM: whether demand is bound to rise with the discount. Our models' always is. */
  readonly isMonotone: boolean;
  /** Training and forecasting, where it is known of this window alone. */
  readonly seconds: number | null;
  /** Sums by article, from which the error would follow had other articles been scored. */
  readonly articles: ReadonlyMap<string, ErrorSums>;
  /** Of models with quantiles. */
  readonly coverage: WindowCoverage | null;
  /** Where the truth is known: near, far and cold, against the truth. */
  readonly parts: Readonly<Record<string, Scores>> | null;
  /** Where the truth is known: the response to the discount. */
  readonly lift: LiftScores | null;
}

/**
 * @param values at least one
 * @returns their mean
 */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
