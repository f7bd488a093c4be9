import { ConfigurationError } from '@hemline/core';
import { summariseScores, type FitMetrics, type ScoreSummary } from '@hemline/evaluation';
import { comparePaired, type PairedComparison } from '@hemline/evaluation/comparison';
import type { ExperimentPlan } from './plan.ts';
import type { Variant } from './variant.ts';

/** Why a variant was not tried to the end. */
export interface Dropped {
  /** Given up as hopeless, or an error of its fit. */
  readonly status: 'stopped' | 'failed';
  readonly reason: string;
}

/** What is known of a variant. */
export interface VariantStanding extends Variant {
  readonly isChampion: boolean;
  readonly status: 'finished' | Dropped['status'];
  readonly reason: string | null;
  /** 1 for the least mean; null unless finished. */
  readonly rank: number | null;
  /** Cutoffs at which every seed is scored. */
  readonly cutoffs: number;
  /** Over these cutoffs; null where there is none. */
  readonly mean: Readonly<Record<string, number>> | null;
  readonly spread: Readonly<Record<string, number>> | null;
  readonly seedSpread: Readonly<Record<string, number>> | null;
  /** Against the champion, over the cutoffs that both have; null of the champion, and where there is none. */
  readonly comparison: PairedComparison | null;
}

/** How the variants of an experiment stand. */
export interface Ranking {
  readonly experiment: string;
  readonly metric: string;
  readonly champion: string;
  readonly confidence: number;
  /** Comparisons that share the error of the confidence. */
  readonly comparisons: number;
  /** Finished ones, best first; then stopped ones, then failed ones. */
  readonly variants: readonly VariantStanding[];
}

/**
 * Ranks variants by the mean of the metric over cutoffs, seeds of a cutoff averaged first, and compares each with the champion.
 * @param plan of the experiment
 * @param scores fits of each variant, by its name
 * @param dropped variants that were not tried to the end, by name
 * @returns the ranking
 * @throws ConfigurationError when the metric is not measured
 */
export function rankVariants(
  plan: ExperimentPlan,
  scores: ReadonlyMap<string, readonly FitMetrics[]>,
  dropped: ReadonlyMap<string, Dropped>,
): Ranking {
  const { name, metric, champion, confidence, seeds } = plan;
  const comparisons = Math.max(1, plan.variants.length - 1);
  const summaries = new Map(
    plan.variants.map((variant) => [variant.name, summaryOf(scores.get(variant.name) ?? [], seeds.length)]),
  );
  const reference = summaries.get(champion) ?? null;
  const standings = plan.variants.map((variant): VariantStanding => {
    const summary = summaries.get(variant.name) ?? null;
    const end = dropped.get(variant.name) ?? unmeasured(summary, metric);
    const isChampion = variant.name === champion;
    const isComparable = !isChampion && end?.status !== 'failed';
    return {
      ...variant,
      isChampion,
      status: end?.status ?? 'finished',
      reason: end?.reason ?? null,
      rank: null,
      cutoffs: summary?.byCutoff.length ?? 0,
      mean: summary?.mean ?? null,
      spread: summary?.spread ?? null,
      seedSpread: summary?.seedSpread ?? null,
      comparison: isComparable ? compare(summary, reference, metric, { confidence, comparisons }) : null,
    };
  });
  const of = (status: VariantStanding['status']): VariantStanding[] =>
    standings
      .filter((each) => each.status === status)
      .sort((a, b) => (a.mean?.[metric] ?? Infinity) - (b.mean?.[metric] ?? Infinity));
  const finished = of('finished').map((each, i) => ({ ...each, rank: i + 1 }));
  const variants = [...finished, ...of('stopped'), ...of('failed')];
  return { experiment: name, metric, champion, confidence, comparisons, variants };
}

/** Of cutoffs that lack a seed nothing is said: a mean of fewer seeds is another one. */
function summaryOf(fits: readonly FitMetrics[], seeds: number): ScoreSummary | null {
  const whole = fits.filter(({ cutoff }) => fits.filter((each) => each.cutoff === cutoff).length === seeds);
  return whole.length === 0
    ? null
    : summariseScores(whole.toSorted((a, b) => a.cutoff - b.cutoff || a.seed - b.seed));
}

/** What has no value cannot be ranked. */
function unmeasured(summary: ScoreSummary | null, metric: string): Dropped | null {
  if (summary === null || Number.isFinite(summary.mean[metric])) return null;
  if (!Object.hasOwn(summary.mean, metric))
    throw new ConfigurationError('the metric of the experiment is not measured', {
      expected: `one of ${Object.keys(summary.mean).join(', ')}`,
      found: metric,
      remedy: 'Change "metric" in the file: what is finished is kept.',
    });
  return {
    status: 'failed',
    reason: `${metric} is ${summary.mean[metric]}: nothing to divide by was observed`,
  };
}

function compare(
  candidate: ScoreSummary | null,
  reference: ScoreSummary | null,
  metric: string,
  options: { confidence: number; comparisons: number },
): PairedComparison | null {
  const pairs = (candidate?.byCutoff ?? []).flatMap(({ cutoff, mean }) => {
    const other = reference?.byCutoff.find((each) => each.cutoff === cutoff);
    return other === undefined ? [] : [[mean[metric]!, other.mean[metric]!] as const];
  });
  if (pairs.length === 0 || pairs.flat().some((value) => !Number.isFinite(value))) return null;
  return comparePaired(
    pairs.map(([one]) => one),
    pairs.map(([, other]) => other),
    options,
  );
}
