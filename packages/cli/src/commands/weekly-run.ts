import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { QUANTITIES, addWeeks, formatWeek, type AnyModel, type QuantityName, type Week } from '@hemline/core';
import type { ScoreTable } from '@hemline/evaluation';
import type { Home, TrainedModel } from '../home.ts';
import type { JobData } from '../jobs/fabricate-root.ts';
import { evaluateJob, forecastJob, type ForecastSummary } from '../jobs/process-job.ts';
import { trainJob } from '../jobs/train-job.ts';
import type { ProgressBars } from '../terminal/progress-bars.ts';

/** What a weekly run needs. */
export interface WeeklyRun {
  readonly home: Home;
  readonly run: string;
  /** Folder of the run. */
  readonly directory: string;
  readonly data: JobData;
  /** Name of the dataset: only models trained on it may stand in. */
  readonly dataset: string;
  readonly lastWeek: Week;
  readonly horizon: number;
  readonly discounts: string;
  readonly seed: number;
  /** Models worked on at the same time. */
  readonly jobs: number;
  readonly bars: ProgressBars;
  readonly signal: AbortSignal;
}

/** What came of one model. */
export interface ModelOutcome {
  readonly model: string;
  readonly quantity: QuantityName;
  /** Window that was scored; null when the scoring failed. */
  readonly evaluation: ({ readonly cutoff: string; readonly horizon: number } & ScoreTable) | null;
  /** Null when there is no forecast. */
  readonly forecast: ForecastSummary | null;
  /** The model that forecast; an earlier one when this week's training failed. */
  readonly forecastBy: { readonly run: string; readonly cutoff: string } | null;
  /** What went wrong, in the order it did. */
  readonly problems: readonly string[];
}

/**
 * The weekly sequence of one model: train as of an earlier week and score it on the weeks since, train on all there is,
 * forecast. When this week's training fails, the latest earlier model forecasts: a week without forecasts is worse.
 * @param model its definition
 * @param week what to run on
 * @returns what came of it; problems are told, not thrown, so that the other models go on
 */
export async function runModel(model: AnyModel, week: WeeklyRun): Promise<ModelOutcome> {
  const problems: string[] = [];
  const attempt = async <T>(work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch (error) {
      if (week.signal.aborted) throw error;
      problems.push((error as Error).message);
      return null;
    }
  };
  const evaluation = await attempt(() => evaluate(model, week));
  const trained =
    (await attempt(() => train(model, week, 'train', week.lastWeek))) ??
    week.home.latest(model.name, week.dataset);
  const forecast = trained === null ? null : await attempt(() => forecastWith(model, week, trained));
  // Only a model that has forecast becomes the one to fall back on.
  if (trained?.run === week.run && forecast !== null) week.home.remember(trained);
  week.bars.end(model.name);
  return {
    model: model.name,
    quantity: model.quantity,
    evaluation,
    forecast,
    forecastBy: forecast === null || trained === null ? null : { run: trained.run, cutoff: trained.cutoff },
    problems,
  };
}

async function train(model: AnyModel, week: WeeklyRun, job: string, cutoff: Week): Promise<TrainedModel> {
  const { trained } = await trainJob({
    model: model.name,
    data: week.data,
    dataset: week.dataset,
    run: week.run,
    root: join(week.directory, model.name, job),
    hyperparameters: { cutoff: formatWeek(cutoff), seed: String(week.seed) },
    ...telling(model, week),
  });
  return trained;
}

async function evaluate(model: AnyModel, week: WeeklyRun): Promise<NonNullable<ModelOutcome['evaluation']>> {
  const { maturityWeeks, evaluationWeeks: horizon } = QUANTITIES[model.quantity];
  const cutoff = addWeeks(week.lastWeek, -(maturityWeeks + horizon));
  const trained = await train(model, week, 'evaluate-train', cutoff);
  const root = join(week.directory, model.name, 'evaluate');
  const scores = await evaluateJob({
    trained,
    data: week.data,
    run: week.run,
    root,
    cutoff,
    horizon,
    ...telling(model, week),
  });
  return { cutoff: formatWeek(cutoff), horizon, ...scores };
}

function forecastWith(model: AnyModel, week: WeeklyRun, trained: TrainedModel): Promise<ForecastSummary> {
  const root = join(week.directory, model.name, 'forecast');
  const job = {
    trained,
    data: week.data,
    run: week.run,
    root,
    cutoff: week.lastWeek,
    horizon: week.horizon,
    ...telling(model, week),
  };
  return forecastJob(job, { discounts: week.discounts });
}

function telling(
  model: AnyModel,
  week: WeeklyRun,
): {
  environment: Record<string, string>;
  signal: AbortSignal;
  onProgress: (event: Parameters<ProgressBars['update']>[1]) => void;
} {
  // The run validates the data once, before any job starts.
  const environment: Record<string, string> = { HEMLINE_VALIDATE: 'never' };
  // Jobs that run at the same time share the cores.
  if (model.engines.length === 0 && process.env['HEMLINE_THREADS'] === undefined)
    environment['HEMLINE_THREADS'] = String(Math.max(1, Math.floor(availableParallelism() / week.jobs)));
  return {
    environment,
    signal: week.signal,
    onProgress: (event) => week.bars.update(model.name, event),
  };
}
