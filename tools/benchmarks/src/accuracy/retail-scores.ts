import { existsSync } from 'node:fs';
import { LIGHTGBM_PACKAGES, pythonEnvironment } from '../harness/python-environment.ts';
import type { AccuracyOptions } from './accuracy-case.ts';
import { backtestScores } from './backtest-scores.ts';
import { boostedScores } from './boosted-scores.ts';
import type { OurModel } from './our-models.ts';
import type { RetailData } from './suite-data.ts';
import type { WindowScore } from './window-score.ts';

/** Scores of all contestants, and those that could not take part. */
export interface DataScores {
  readonly scores: readonly WindowScore[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Backtests of all contestants on public data.
 * @param data the data
 * @param models ours
 * @param options cutoffs, seeds
 * @param home of the command
 * @returns scores by cutoff and seed; none, and why, where the data is not there
 */
export async function retailScores(
  data: RetailData,
  models: readonly OurModel[],
  options: AccuracyOptions,
  home: string,
): Promise<DataScores> {
  const { seeds, onRun } = options;
  if (!existsSync(data.folder))
    return { scores: [], skipped: [{ name: data.name, reason: `there is no data at ${data.folder}` }] };
  const cutoffs = options.cutoffs ?? (options.validation ? data.validation : data.announced);
  const scores: WindowScore[] = [];
  for (const ours of models) {
    onRun(`${data.name}: ${ours.name}`);
    scores.push(...(await backtestScores(data, ours, { cutoffs, seeds }, home)));
  }
  const environment = await pythonEnvironment(LIGHTGBM_PACKAGES);
  if ('missing' in environment)
    return { scores, skipped: [{ name: `LightGBM on ${data.name}`, reason: environment.missing }] };
  onRun(`${data.name}: LightGBM`);
  scores.push(...(await boostedScores(environment.python, data, { cutoffs, seeds })));
  checkRows(scores);
  return { scores, skipped: [] };
}

/** Errors on different rows say nothing of who is better. */
function checkRows(scores: readonly WindowScore[]): void {
  for (const { cutoff, contestant, rows } of scores) {
    const first = scores.find((each) => each.cutoff === cutoff)!;
    if (rows !== first.rows)
      throw new Error(
        `${contestant} is scored on ${rows} rows after ${cutoff}, ${first.contestant} on ${first.rows}`,
      );
  }
}
