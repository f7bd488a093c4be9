import type { Ranking, VariantStanding } from '@hemline/experiments';
import { drawTable } from '../terminal/table.ts';

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

/**
 * The ranking for people.
 * @param ranking of the variants
 * @param notes below it
 * @returns a table and what belongs to it
 */
export function rankingText(ranking: Ranking, notes: readonly string[]): string {
  const { metric, variants, experiment } = ranking;
  const severalSeeds = variants.some(({ seedSpread }) => (seedSpread?.[metric] ?? 0) > 0);
  const bias = Object.keys(variants.find(({ mean }) => mean !== null)?.mean ?? {}).find((name) =>
    /^(demandB|b)ias$/.test(name),
  );
  const head = [
    ...['#', 'variant', metric, 'sd (cutoffs)', ...(severalSeeds ? ['sd (seeds)'] : [])],
    ...[...(bias === undefined ? [] : [bias]), 'cutoffs', 'difference', 'interval', 'verdict'],
  ];
  const rows = variants.map((each) => [
    each.rank === null ? '' : each.rank,
    each.name,
    each.mean?.[metric] ?? null,
    each.spread?.[metric] ?? null,
    ...(severalSeeds ? [each.seedSpread?.[metric] ?? null] : []),
    ...(bias === undefined ? [] : [each.mean?.[bias] ?? null]),
    each.cutoffs,
    each.comparison?.difference ?? null,
    intervalText(each),
    verdictText(each),
  ]);
  const reasons = variants.flatMap(({ name, status, reason }) =>
    reason === null ? [] : [`${name} ${status} ${reason}`],
  );
  return [`${experiment}, by ${metric} (less is better)`, drawTable(head, rows), ...reasons, ...notes].join(
    '\n',
  );
}

function intervalText({ comparison }: VariantStanding): string {
  if (comparison === null || comparison.interval === null) return '–';
  return comparison.interval.map((end) => end.toFixed(4)).join(' … ');
}

function verdictText({ isChampion, status, comparison }: VariantStanding): string {
  if (status !== 'finished') return isChampion ? `${status}, champion` : status;
  if (isChampion) return 'champion';
  // What it differs in has had no effect.
  if (comparison?.interval?.every((end) => end === 0)) return 'the same';
  return comparison === null || comparison.verdict === 'undecided' ? 'within noise' : comparison.verdict;
}
