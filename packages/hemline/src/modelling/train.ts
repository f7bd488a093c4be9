import { formatWeek } from '@hemline/core';
import { Home, urlOf, type TrainedModel } from '@hemline/runs';
import { trainJob } from '../jobs/train-job.ts';
import { recordRun, type RecordedRun } from '../runs/record-run.ts';
import {
  openData,
  settingsText,
  weekOf,
  type DataOptions,
  type RecordOptions,
  type Settings,
  type WeekLike,
} from '../work-options.ts';
import { modelPackage } from '../workspace.ts';

/** How a model is trained. */
export interface TrainOptions extends DataOptions, RecordOptions {
  /** Last week that it may know; by default the last known week of the data. */
  readonly cutoff?: WeekLike;
  readonly hyperparameters?: Settings;
  /** One of the model's presets, such as `tiny`. */
  readonly preset?: string;
  /** Of everything random, 1 by default. */
  readonly seed?: number;
}

/** A trained model and the metrics of its training. */
export interface TrainResult extends TrainedModel {
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * Trains a model through the container's own entrypoint; the result becomes its latest on the dataset.
 * @param model its name
 * @param options data, cutoff, hyperparameters
 * @returns where it lies, what it knows, its metrics
 * @throws UnsupportedError when there is no such model
 * @throws JobError with the reason of the job
 */
export async function train(model: string, options: TrainOptions): Promise<TrainResult> {
  // A misspelt name is told before the data is looked at.
  modelPackage(model);
  const home = new Home(options.home).prepared();
  const dataset = await openData(options);
  const { data, descriptor, preset, seed = 1, hyperparameters, signal } = options;
  const cutoff = options.cutoff === undefined ? undefined : formatWeek(weekOf(options.cutoff));
  const work = async ({ run, root, step, recorder, watch }: RecordedRun): Promise<TrainResult> => {
    const { trained, metrics } = await trainJob({
      ...{ model, data: { directory: data, descriptor }, dataset: dataset.name, run, root, signal },
      hyperparameters: {
        ...settingsText(hyperparameters, preset),
        ...(cutoff === undefined ? {} : { cutoff }),
        seed: String(seed),
      },
      ...watch,
      onProgress: (event) => {
        options.onProgress?.(model, event);
        watch.onProgress(event);
      },
      onWarning: (text) => options.onNotice?.(text),
    });
    await recorder.addParameters({ cutoff: trained.cutoff });
    await recorder.addMetrics(step, metrics);
    const artifact = urlOf(trained.directory);
    await recorder.addVersion({ step, model, role: 'trained', artifact, trainedBy: run });
    home.remember(trained);
    return { ...trained, metrics };
  };
  const parameters = { cutoff, seed, preset, descriptor };
  const set = settingsText(hyperparameters);
  return recordRun(home, { kind: 'train', model, dataset, parameters, set, record: options }, work);
}
