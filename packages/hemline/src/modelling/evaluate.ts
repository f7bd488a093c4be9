import { QUANTITIES, checkHorizon, formatWeek } from '@hemline/core';
import type { ScoreTable } from '@hemline/evaluation';
import { Home, urlOf } from '@hemline/runs';
import { evaluateJob } from '../jobs/process-job.ts';
import { findTrained } from '../jobs/train-job.ts';
import { recordRun, type RecordedRun } from '../runs/record-run.ts';
import { openData, weekOf, type DataOptions, type RecordOptions, type WeekLike } from '../work-options.ts';
import { loadModel } from '../workspace.ts';

/** What a trained model is scored on. */
export interface EvaluateOptions extends DataOptions, RecordOptions {
  /** Folder of a trained model; by default the latest. */
  readonly modelDir?: string;
  /** Whether the model may be used on data with another past than it was trained on. */
  readonly anyPast?: boolean;
  /** Last week known to the forecast; by default the trained model's. */
  readonly cutoff?: WeekLike;
  /** Weeks after it that are scored; by default as many as the quantity is evaluated on. */
  readonly horizon?: number;
  /** Attribute of the items to score by as well, such as `market`. */
  readonly segment?: string;
}

/** Scores of a trained model. */
export interface EvaluateResult extends ScoreTable {
  readonly model: string;
  readonly run: string;
  readonly cutoff: string;
  readonly horizon: number;
}

/**
 * Scores a trained model on the weeks after its cutoff, through the container's own entrypoint.
 * @param model its name
 * @param options data, trained model, window
 * @returns its scores: of all rows, by week ahead, by segment
 * @throws ConfigurationError when the model has not been trained on the dataset
 * @throws JobError with the reason of the job
 */
export async function evaluate(model: string, options: EvaluateOptions): Promise<EvaluateResult> {
  const definition = await loadModel(model);
  const horizon = checkHorizon(options.horizon ?? QUANTITIES[definition.quantity].evaluationWeeks);
  const home = new Home(options.home).prepared();
  const dataset = await openData(options);
  const trained = await findTrained(home, model, dataset.name, options.modelDir);
  const { segment, descriptor, modelDir, anyPast } = options;
  const cutoff = weekOf(options.cutoff ?? trained.cutoff);
  const work = async ({ run, root, step, recorder, watch }: RecordedRun): Promise<EvaluateResult> => {
    const artifact = urlOf(trained.directory);
    await recorder.addVersion({ step, model, role: 'scored', artifact, trainedBy: trained.run });
    const scores = await evaluateJob(
      {
        ...{ trained, data: { directory: options.data, descriptor }, run, root, cutoff, horizon },
        ...{ signal: options.signal, ...watch },
        onProgress: (event) => options.onProgress?.(model, event),
        onWarning: (text) => options.onNotice?.(text),
      },
      { segment, anyPast },
    );
    await recorder.addMetrics(step, scores.metrics);
    return { model, run, cutoff: formatWeek(cutoff), horizon, ...scores };
  };
  const parameters = {
    cutoff: formatWeek(cutoff),
    horizon,
    segment,
    descriptor,
    modelDir,
    ...(anyPast === true ? { past: 'any' } : {}),
  };
  return recordRun(home, { kind: 'evaluate', model, dataset, parameters, record: options }, work);
}
