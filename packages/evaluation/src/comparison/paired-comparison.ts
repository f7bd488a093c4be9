import { ConfigurationError } from '@hemline/core';
import { studentQuantile } from '@hemline/core/special-functions';

/** How sure an interval is. */
export interface ComparisonOptions {
  /** Chance that the intervals of all comparisons together hold the true differences, in (0, 1). */
  readonly confidence: number;
  /**
   * How many comparisons are made at once: each gets its share of the error (Bonferroni 1936), else the luckiest of many equals
   * would pass for better. 1 by default.
   */
  readonly comparisons?: number;
}

/** What the pairs say: of a score of which less is better. */
export type Verdict = 'better' | 'worse' | 'undecided';

/** A candidate beside a reference, over the same cutoffs. */
export interface PairedComparison {
  readonly pairs: number;
  /** Mean of candidate − reference. */
  readonly difference: number;
  /** Confidence interval of the difference; null of a single pair, which says nothing of the noise. */
  readonly interval: readonly [low: number, high: number] | null;
  /** `better` when the whole interval is below 0, `worse` when it is above. */
  readonly verdict: Verdict;
}

/**
 * Compares two series of scores by their paired differences: what makes a cutoff hard is hard for both, and cancels. The interval
 * is Student's (1908), difference ± t(n − 1) s / √n; it takes the differences for independent and normal.
 * @param candidate scores, one a cutoff; less is better
 * @param reference scores of the same cutoffs in the same order
 * @param options how sure
 * @returns difference, interval, verdict
 * @throws ConfigurationError when the series differ in length, are empty, or the confidence is no chance
 */
export function comparePaired(
  candidate: readonly number[],
  reference: readonly number[],
  options: ComparisonOptions,
): PairedComparison {
  const { confidence, comparisons = 1 } = options;
  const pairs = candidate.length;
  if (pairs !== reference.length || pairs === 0)
    throw new ConfigurationError('scores cannot be paired', {
      expected: 'as many scores of one as of the other, at least one',
      found: `${pairs} and ${reference.length}`,
    });
  if (!(confidence > 0 && confidence < 1) || !(comparisons >= 1))
    throw new ConfigurationError('a comparison needs a confidence', {
      expected: 'a confidence in (0, 1) and at least one comparison',
      found: `${confidence} and ${comparisons}`,
    });
  const differences = candidate.map((value, i) => value - reference[i]!);
  const difference = differences.reduce((sum, each) => sum + each, 0) / pairs;
  if (pairs === 1) return { pairs, difference, interval: null, verdict: 'undecided' };
  const squares = differences.reduce((sum, each) => sum + (each - difference) ** 2, 0);
  const standardError = Math.sqrt(squares / (pairs - 1) / pairs);
  const quantile = studentQuantile(1 - (1 - confidence) / (2 * comparisons), pairs - 1);
  const half = quantile * standardError;
  const interval = [difference - half, difference + half] as const;
  return { pairs, difference, interval, verdict: verdictOf(interval) };
}

function verdictOf([low, high]: readonly [number, number]): Verdict {
  if (high < 0) return 'better';
  return low > 0 ? 'worse' : 'undecided';
}
