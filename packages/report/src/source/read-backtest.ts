import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { formatWeek, parseWeek } from '@hemline/core';
import { summariseScores, type FitMetrics, type SegmentRow } from '@hemline/evaluation';
import type { KnownRun } from '@hemline/runs';
import { readJson } from './read-json.ts';
import type { Evaluation } from './report-source.ts';

/** One fit of a backtest. */
interface ScoredFit extends FitMetrics {
  readonly rows: number;
}

const CUTOFF = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The scores of a model at several cutoffs: of the workflow `backtest`, which keeps an evaluation for each, or of `hemline backtest`
 * and the variants of an experiment, whose records have a step for each fit.
 * @param run with its record
 * @param model its name
 * @returns the mean over cutoffs, with the cutoffs as its segments; null where nothing was backtested
 * @throws ArtifactError when a file is damaged
 */
export async function readBacktest(run: KnownRun, model: string): Promise<Evaluation | null> {
  const { parameters } = run.record;
  const evaluated = await evaluationsOf(run, model);
  const fits = evaluated.length > 0 ? evaluated : parameters['model'] === model ? recordedFits(run) : [];
  const horizon = evaluated.length > 0 ? evaluated[0]!.horizon : Number(parameters['horizon']);
  return fits.length === 0 ? null : summary(fits, horizon);
}

/**
 * @param directory of a run
 * @param model its name
 * @returns cutoffs at which it was evaluated, as folders
 */
export async function backtestCutoffs(directory: string, model: string): Promise<string[]> {
  const entries = await readdir(join(directory, model), { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && CUTOFF.test(entry.name))
    .map(({ name }) => name)
    .sort();
}

async function evaluationsOf(
  { directory, record }: KnownRun,
  model: string,
): Promise<(ScoredFit & { readonly horizon: number })[]> {
  const seed = Number(record.parameters['seed'] ?? 1);
  const found = (await backtestCutoffs(directory, model)).map(async (cutoff) => {
    const scores = await readJson<Omit<Evaluation, 'segments'>>(
      join(directory, model, cutoff, 'evaluate', 'metrics.json'),
    );
    if (scores === null) return [];
    const { rows, horizon } = scores;
    const metrics = Object.entries(scores.metrics).map(([name, value]) => [name, value ?? NaN] as const);
    return [{ cutoff: parseWeek(cutoff), seed, rows, horizon, metrics: Object.fromEntries(metrics) }];
  });
  return (await Promise.all(found)).flat();
}

function recordedFits({ record }: KnownRun): ScoredFit[] {
  return [...Map.groupBy(record.metrics, ({ step }) => step)].flatMap(([step, values]) => {
    const [, cutoff, seed] = /^(\d{4}-\d{2}-\d{2}) #(\d+)$/.exec(step ?? '') ?? [];
    if (cutoff === undefined) return [];
    const { rows, ...metrics } = Object.fromEntries(values.map(({ name, value }) => [name, value ?? NaN]));
    // Records of before rows were kept do not say what is behind their scores.
    return rows === undefined ? [] : [{ cutoff: parseWeek(cutoff), seed: Number(seed), rows, metrics }];
  });
}

function summary(fits: readonly ScoredFit[], horizon: number): Evaluation {
  const sorted = fits.toSorted((a, b) => a.cutoff - b.cutoff || a.seed - b.seed);
  const { byCutoff, mean, spread } = summariseScores(sorted);
  const rowsAt = (cutoff: number): number => sorted.find((fit) => fit.cutoff === cutoff)!.rows;
  const segments = byCutoff.flatMap(({ cutoff, mean: metrics }, position) =>
    Object.entries(metrics).map(([metric, result]): SegmentRow => ({
      ...{ dimension: 'cutoff', value: formatWeek(cutoff), position, metric },
      ...{ result: finite(result), rows: rowsAt(cutoff) },
    })),
  );
  return {
    ...{ cutoff: formatWeek(sorted[0]!.cutoff), horizon, segments },
    rows: byCutoff.reduce((sum, { cutoff }) => sum + rowsAt(cutoff), 0),
    metrics: Object.fromEntries(Object.entries(mean).map(([name, value]) => [name, finite(value)])),
    backtest: {
      cutoffs: byCutoff.map(({ cutoff }) => formatWeek(cutoff)),
      seeds: new Set(sorted.map(({ seed }) => seed)).size,
      spread,
    },
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
