import { join } from 'node:path';
import { readArtifactCard } from '@hemline/runtime';
import type { Home, TrainedModel } from '@hemline/runs';
import { trainingRequest } from '@hemline/sagemaker/requests';
import { modelPackage } from '../workspace.ts';
import { localInputs, runJob, settingsOf, uriOf, type LocalJob } from './run-job.ts';

/** What to train. */
export interface TrainJob extends LocalJob {
  readonly model: string;
  /** Name of the dataset. */
  readonly dataset: string;
  /** Raw, as the platform hands them over; `cutoff`, `seed` and `preset` among them. */
  readonly hyperparameters: Readonly<Record<string, string>>;
}

/**
 * Trains a model through its entrypoint: the request that a launch would submit, run on this machine.
 * @param job what to train
 * @returns where the trained model lies, and the metrics of the training
 */
export async function trainJob(
  job: TrainJob,
): Promise<{ readonly trained: TrainedModel; readonly metrics: Readonly<Record<string, number>> }> {
  const { model, dataset, run } = job;
  modelPackage(model);
  const directory = join(job.root, 'model');
  const request = trainingRequest({
    ...settingsOf(job, model),
    hyperparameters: job.hyperparameters,
    channels: localInputs(job),
    output: uriOf(job.root),
    metricDefinitions: [],
  });
  const metrics = await runJob(model, job, { kind: 'train', request });
  const card = await readArtifactCard(directory);
  const trained = { model, dataset, run, directory, cutoff: card.cutoff, data: card.dataFingerprint };
  return { trained, metrics };
}

/**
 * The folder of a trained model: the one named, else the latest.
 * @param home where models are remembered
 * @param model name
 * @param dataset name
 * @param directory of `--model-dir`
 * @returns the trained model
 */
export async function findTrained(
  home: Home,
  model: string,
  dataset: string,
  directory: string | undefined,
): Promise<TrainedModel> {
  if (directory === undefined) return home.require(model, dataset);
  const card = await readArtifactCard(directory);
  return { model, dataset, run: card.runId, directory, cutoff: card.cutoff, data: card.dataFingerprint };
}
