import type { Ranking, VariantStanding } from '@hemline/experiments';
import { drawTable } from './table.ts';

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
