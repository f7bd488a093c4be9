import { createHash } from 'node:crypto';
import { formatWeek } from '@hemline/core';
import { encodeHyperparameters } from '@hemline/runtime';
import { processingRequest, type JobRequest, type JobSettings } from '@hemline/sagemaker/requests';
import type { Unit } from '../plan.ts';

/** What the jobs of an experiment have in common. */
export interface UnitJobSettings {
  readonly experiment: string;
  /** What a job of a model is told besides: image, role, machines. */
  readonly settingsOf: (model: string, job: string) => JobSettings;
  /** Dataset in S3. */
  readonly data: string;
  readonly descriptor?: string;
  /** Folder in S3 that takes the scores, without a slash at its end. */
  readonly output: string;
}

/** Longest name that SageMaker takes, less digest, attempt and hyphens. */
const LONGEST_PREFIX = 63 - 24 - 5;

/**
 * Where the job of a unit leaves its scores: the same for the same fit of the same data and image.
 * @param settings of the experiment
 * @param unit of it
 * @returns folder in S3
 */
export function scoresFolder({ output, experiment }: UnitJobSettings, { key }: Unit): string {
  return `${output}/${experiment}/${key}`;
}

/**
 * @param experiment its name
 * @returns what the names of its jobs begin with; other experiments may share it
 */
export function unitJobPrefix(experiment: string): string {
  return experiment.slice(0, LONGEST_PREFIX).replace(/-+$/, '');
}

/**
 * The name of a unit's job: derived from what it does, so that whoever asks for the same fit again finds the same job.
 * SageMaker takes no name twice: a job that failed is followed by another attempt.
 * @param settings of the experiment
 * @param unit of it
 * @param attempt from 1
 * @returns such as `trees-3f…-1`
 */
export function unitJobName(settings: UnitJobSettings, unit: Unit, attempt: number): string {
  const digest = createHash('sha256').update(scoresFolder(settings, unit)).digest('hex').slice(0, 24);
  return `${unitJobPrefix(settings.experiment)}-${digest}-${attempt}`;
}

/**
 * The request of a unit's job: the step `backtest` of the model's image.
 * @param settings of the experiment
 * @param unit of it
 * @param name of the job
 * @returns for SageMaker
 * @throws HyperparameterError when the platform does not take the hyperparameters
 */
export function unitRequest(
  settings: UnitJobSettings,
  unit: Unit,
  name: string,
): JobRequest & { readonly kind: 'process' } {
  const { model, cutoff, horizon, seed } = unit;
  const { data, descriptor } = settings;
  const job = settings.settingsOf(model, name);
  const set = Object.entries(encodeHyperparameters(unit.hyperparameters));
  const request = processingRequest({
    ...job,
    tags: { 'hemline:experiment': settings.experiment, ...job.tags },
    arguments: [
      ...['--step', 'backtest', '--cutoff', formatWeek(cutoff)],
      ...['--horizon', String(horizon), '--seed', String(seed)],
      ...set.map(([key, value]) => `--set=${key}=${value}`),
    ],
    inputs: [
      { name: 'dataset', uri: data },
      ...(descriptor === undefined ? [] : [{ name: 'descriptor', uri: descriptor }]),
    ],
    outputs: [{ name: 'backtest', uri: scoresFolder(settings, unit) }],
  });
  return { kind: 'process', request };
}
