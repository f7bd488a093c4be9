import type { Week } from '@hemline/core';

/** Metrics of one fit. */
export interface FitMetrics {
  readonly cutoff: Week;
  readonly seed: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** What fits at several cutoffs and seeds come to. */
export interface ScoreSummary {
  /** Mean of each metric over the seeds, a cutoff each, in the order of first appearance. */
  readonly byCutoff: readonly { readonly cutoff: Week; readonly mean: Readonly<Record<string, number>> }[];
  /** Mean of each metric over cutoffs and seeds, each counting once. */
  readonly mean: Readonly<Record<string, number>>;
  /** Standard deviation of each metric over the cutoffs' means (n − 1); 0 for a single one. */
  readonly spread: Readonly<Record<string, number>>;
  /** Standard deviation over the seeds of a cutoff (n − 1), the mean over the cutoffs; 0 for a single one. */
  readonly seedSpread: Readonly<Record<string, number>>;
}

/**
 * Sums up fits: the seeds of a cutoff first, then the cutoffs.
 * @param fits at least one, with the same metrics
 * @returns means and deviations
 */
export function summariseScores(fits: readonly FitMetrics[]): ScoreSummary {
  const byCutoff = [...new Set(fits.map(({ cutoff }) => cutoff))].map((cutoff) => ({
    cutoff,
    ...momentsOf(fits.filter((one) => one.cutoff === cutoff).map(({ metrics }) => metrics)),
  }));
  const { mean, spread } = momentsOf(byCutoff.map((one) => one.mean));
  const { mean: seedSpread } = momentsOf(byCutoff.map((one) => one.spread));
  return {
    byCutoff: byCutoff.map(({ cutoff, mean }) => ({ cutoff, mean })),
    ...{ mean, spread, seedSpread },
  };
}

function momentsOf(metrics: readonly Readonly<Record<string, number>>[]): {
  mean: Record<string, number>;
  spread: Record<string, number>;
} {
  const mean: Record<string, number> = {};
  const spread: Record<string, number> = {};
  const count = metrics.length;
  for (const name of Object.keys(metrics[0]!)) {
    const values = metrics.map((one) => one[name]!);
    const center = values.reduce((sum, value) => sum + value, 0) / count;
    const squares = values.reduce((sum, value) => sum + (value - center) ** 2, 0);
    mean[name] = center;
    spread[name] = count === 1 ? 0 : Math.sqrt(squares / (count - 1));
  }
  return { mean, spread };
}
