import type { Ranking } from './rank-variants.ts';

/** With fewer, an interval is wide because so little is known. */
const FEW_CUTOFFS = 5;

/** What is needed besides the ranking to say how far it can be trusted. */
export interface RankingContext {
  /** Where the champion comes from. */
  readonly championSource: string;
  readonly cutoffs: readonly string[];
  readonly seeds: readonly number[];
  readonly horizon: number;
  /** Least weeks between two cutoffs; null of a single one. */
  readonly weeksApart: number | null;
}

/**
 * What has to be known to read the intervals.
 * @param ranking of the variants
 * @param context of the experiment
 * @returns sentences
 */
export function rankingNotes(ranking: Ranking, context: RankingContext): string[] {
  const { confidence, comparisons } = ranking;
  const { cutoffs, horizon, weeksApart } = context;
  const count = cutoffs.length;
  const level = `${confidence * 100} %`;
  const notes = [
    `Differences are to the champion (${context.championSource}), paired by cutoff; their intervals hold all together with ${level} confidence${comparisons > 1 ? ` (Bonferroni, ${comparisons} comparisons)` : ''}.`,
  ];
  if (count === 1)
    notes.push(
      'One cutoff says nothing of the noise: there are no intervals, and nothing is better or worse.',
    );
  else if (count < FEW_CUTOFFS)
    notes.push(
      `${count} cutoffs are few: intervals of Student's t with ${count - 1} degree${count === 2 ? '' : 's'} of freedom are wide.`,
    );
  if (weeksApart !== null && weeksApart < horizon)
    notes.push(
      `Cutoffs are ${weeksApart} weeks apart and windows ${horizon} weeks long: they overlap, differences are not independent, and intervals are narrower than they should be.`,
    );
  return notes;
}
