import { comparePaired, type PairedComparison } from './paired-comparison.ts';

/** A variant in a race, with its scores so far. */
export interface Contender {
  readonly name: string;
  /** One a cutoff, the same cutoffs in the same order for all; less is better. */
  readonly scores: readonly number[];
}

/** When a variant is given up. */
export interface EliminationOptions {
  /** Least chance that the race keeps the variant that is truly best. */
  readonly confidence: number;
  /** Contenders that the race began with. */
  readonly contenders: number;
  /** How often the race looks at the scores in all. */
  readonly looks: number;
}

/** A variant that is given up. */
export interface Elimination {
  readonly name: string;
  /** The one with the least mean score so far. */
  readonly leader: string;
  /** Against the leader. */
  readonly comparison: PairedComparison;
}

/**
 * One look of a race: those that are worse than the leader beyond the stated confidence. Each of the (contenders − 1) × looks
 * comparisons that could throw out the best gets its share of the error, so that looking often does not make it likelier
 * (Hoeffding races of Maron and Moore 1994, with Student's interval of the paired differences in place of Hoeffding's bound).
 * @param contenders still in the race
 * @param options how sure
 * @returns who is given up, and why; nobody after a single cutoff
 */
export function findHopeless(
  contenders: readonly Contender[],
  { confidence, contenders: all, looks }: EliminationOptions,
): Elimination[] {
  if (contenders.length < 2) return [];
  const leader = contenders.reduce((best, each) => (meanOf(each) < meanOf(best) ? each : best));
  const comparisons = Math.max(1, (all - 1) * looks);
  return contenders.flatMap((each) => {
    if (each === leader) return [];
    const comparison = comparePaired(each.scores, leader.scores, { confidence, comparisons });
    return comparison.verdict === 'worse' ? [{ name: each.name, leader: leader.name, comparison }] : [];
  });
}

function meanOf({ scores }: Contender): number {
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}
