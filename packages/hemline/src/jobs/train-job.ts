import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ProgressEvent } from '@hemline/core';
import { readArtifactCard } from '@hemline/runtime';
import type { Home, TrainedModel } from '@hemline/runs';
import { fabricateTrainingRoot, type JobData } from './fabricate-root.ts';
import { runEntrypoint } from './run-entrypoint.ts';

/** What to train. */
export interface TrainJob {
  readonly model: string;
  readonly data: JobData;
  /** Name of the dataset. */
  readonly dataset: string;
  /** Name of the run that it belongs to. */
  readonly run: string;
  /** Folder of the job, new. */
  readonly root: string;
  /** Raw, as the platform hands them over; `cutoff`, `seed` and `preset` among them. */
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
  readonly onMetric?: (name: string, value: number) => void;
  readonly onMemory?: (peakBytes: number) => void;
}

/**
 * Trains a model through its entrypoint on a fabricated root.
 * @param job what to train
 * @returns where the trained model lies, and the metrics of the training
 */
export async function trainJob(
  job: TrainJob,
): Promise<{ readonly trained: TrainedModel; readonly metrics: Readonly<Record<string, number>> }> {
  mkdirSync(job.root, { recursive: true });
  fabricateTrainingRoot(job.root, job.data, job.hyperparameters);
  const metrics = await runEntrypoint({
    model: job.model,
    entrypoint: 'train',
    root: job.root,
    environment: { ...job.environment, HEMLINE_RUN_ID: job.run },
    signal: job.signal,
    onProgress: job.onProgress,
    onMetric: job.onMetric,
    onMemory: job.onMemory,
  });
  const directory = join(job.root, 'model');
  const card = await readArtifactCard(directory);
  return {
    trained: {
      model: job.model,
      dataset: job.dataset,
      run: job.run,
      directory,
      cutoff: card.cutoff,
      data: card.dataFingerprint,
    },
    metrics,
  };
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
