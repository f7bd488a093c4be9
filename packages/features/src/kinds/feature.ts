import type { AsOfKernel } from '../kernels/as-of-kernel.ts';
import type { Covariate, FutureCovariate } from './covariate.ts';

/** What a feature is made of, as plain JSON: its kind and its parameters. */
export interface FeatureDefinition {
  readonly kind: string;
  readonly [parameter: string]: unknown;
}

interface FeatureBase {
  /** Column name: kind and parameters, so that equal names mean equal features. */
  readonly name: string;
  readonly definition: FeatureDefinition;
}

/** Looks back: for a week, what was known `shift(leadTime)` weeks before it. */
export interface PastFeature extends FeatureBase {
  readonly looks: 'back';
  readonly reads: readonly Covariate[];
  /** Weeks up to the one it is as of that it reads at most; Infinity for all. */
  readonly history: number;
  /** Makes a kernel with buffers of its own. */
  readonly kernel: () => AsOfKernel;
  /**
   * Weeks between the week it is for and the week it is as of.
   * @param leadTime weeks from the cutoff to the week it is for, at least 1
   * @returns never less than the lead time
   */
  shift(leadTime: number): number;
}

/** Looks back at all series of a group together, article × market being its series. */
export interface GroupFeature extends FeatureBase {
  readonly looks: 'back at groups';
  /** Attributes of the series that make the group. */
  readonly by: readonly string[];
  readonly of: Covariate;
  /**
   * Makes a kernel over the group's weekly sums, counts and zeros of the covariate, and those of all series together.
   * Inputs: sum, count, zeros of the group, sum and count of all.
   */
  readonly kernel: () => AsOfKernel;
  /** What is told as of weeks before the first that anything is known of. */
  readonly before: number;
  shift(leadTime: number): number;
}

/** One series as features of the week itself see it. */
export interface SeriesView {
  /** First row, and the row after the last. */
  readonly from: number;
  readonly to: number;
  /** Number of the series. */
  readonly series: number;
  /** First day of the week at `from`. */
  readonly week: number;
  /** Planned values of all rows of the panel, NaN where missing. */
  planned(covariate: FutureCovariate): Float64Array;
  /** An attribute of the series that is a date, as days; NaN where unknown. */
  date(attribute: string): number;
  /** An attribute of the series that is text; null where unknown. */
  text(attribute: string): string | null;
  /** Mean of a planned covariate over the series of the same group, in each week from `week` on. */
  plannedMean(
    covariate: FutureCovariate,
    by: readonly string[],
  ): { readonly means: Float64Array; readonly at: number };
  /** Sum of a planned covariate over the series of the same group, itself included, and how many have a value. */
  plannedSums(
    covariate: FutureCovariate,
    by: readonly string[],
  ): { readonly sums: Float64Array; readonly counts: Float64Array; readonly at: number };
}

/** Looks at the week itself: what the calendar, the attributes and the plan say of it. */
export interface PlannedFeature extends FeatureBase {
  readonly looks: 'at the week';
  readonly reads: readonly FutureCovariate[];
  readonly attributes: readonly string[];
  /** Groupings whose mean of a covariate it reads. */
  readonly groups: readonly { readonly of: FutureCovariate; readonly by: readonly string[] }[];
  /** Writes the rows of one series, `out[row]`. */
  fill(series: SeriesView, out: Float64Array): void;
}

/** A feature: declared once, the same in training and in inference. */
export type Feature = PastFeature | GroupFeature | PlannedFeature;
