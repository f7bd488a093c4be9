import {
  checkHorizon,
  ConfigurationError,
  formatWeek,
  parseDiscountGrid,
  resolveMembers,
  trainingMetricsOf,
} from '@hemline/core';
import { parseHyperparameters } from '@hemline/runtime';
import { metricDefinitions } from '@hemline/sagemaker';
import { jobName, processingRequest, trainingRequest } from '@hemline/sagemaker/requests';
import type { Launch } from '../jobs/launch-job.ts';
import { stepArguments } from '../jobs/step-arguments.ts';
import { readableRegistry, type RegistryOption } from '../registry.ts';
import {
  settingsText,
  weekOf,
  type DataOptions,
  type HomeOption,
  type Settings,
  type WeekLike,
} from '../work-options.ts';
import { loadModel, modelPackage } from '../workspace.ts';
import { dataInputs, jobSettings, type JobOptions } from './job-options.ts';

/** What every job on SageMaker takes: data in S3, machines, a name. */
export interface LaunchOptions extends JobOptions, DataOptions {
  /** Place in S3 that it writes to. */
  readonly output: string;
  /** Name of the job; by default made of kind, model and time. */
  readonly name?: string;
}

/** A training on SageMaker. */
export interface TrainingLaunchOptions extends LaunchOptions {
  /** Last week that it may know. */
  readonly cutoff?: WeekLike;
  readonly hyperparameters?: Settings;
  readonly preset?: string;
  /** Of everything random, 1 by default. */
  readonly seed?: number;
  /** On spare capacity: cheaper, may be interrupted, resumes from checkpoints. */
  readonly spot?: boolean;
  /** Place in S3 of the checkpoints; by default `checkpoints/<job>` of the output. */
  readonly checkpoints?: string;
}

/** A processing job on SageMaker. */
export interface ProcessingLaunchOptions extends LaunchOptions, RegistryOption, HomeOption {
  readonly step: 'features' | 'forecast' | 'evaluate';
  /** Last known week; by default the model's. */
  readonly cutoff?: WeekLike;
  readonly horizon?: number;
  readonly discounts?: string;
  /** Of an evaluation: attribute of the items to score by as well. */
  readonly segment?: string;
  readonly threads?: number;
  /** Instances; each takes its share of the partitions. 1 by default. */
  readonly count?: number;
  /** `model.tar.gz` or folder in S3; by default that of the latest approved version. */
  readonly modelUri?: string;
  /** Only a version that was trained on this dataset. */
  readonly dataset?: string;
}

/** Spare capacity is waited for as long as the job may run. */
const SPOT_PATIENCE = 2;

/**
 * The job that trains a model on SageMaker, as the workflow does. Nothing is submitted.
 * @param model its name
 * @param options data, machines, hyperparameters
 * @returns the job
 * @throws HyperparameterError for values that the model does not take
 * @throws ConfigurationError when image or role are missing
 */
export async function trainingLaunch(model: string, options: TrainingLaunchOptions): Promise<Launch> {
  const definition = await loadModel(model);
  const hyperparameters = settingsText(options.hyperparameters, options.preset);
  if (options.cutoff !== undefined) hyperparameters['cutoff'] = formatWeek(weekOf(options.cutoff));
  hyperparameters['seed'] = String(options.seed ?? 1);
  // A misspelt name costs seconds here, minutes there.
  parseHyperparameters(definition, hyperparameters);
  const { instance, output, spot, name = jobName('train', model) } = options;
  const settings = jobSettings(model, name, 1, options);
  const channels = dataInputs(options);
  const trainingMetrics = trainingMetricsOf(definition, await resolveMembers(definition, loadModel));
  const request = trainingRequest({
    ...{ ...settings, hyperparameters, channels, output },
    metricDefinitions: metricDefinitions({ name: model, trainingMetrics }),
    // SageMaker brings the data and takes the model: the container needs no network.
    isIsolated: true,
    ...(spot === true
      ? {
          spot: {
            checkpoints: options.checkpoints ?? `${output.replace(/\/$/, '')}/checkpoints/${name}`,
            maximumWaitSeconds: SPOT_PATIENCE * settings.machines.maximumSeconds,
          },
        }
      : {}),
  });
  return {
    ...{ launch: { kind: 'train', request }, name, model, inputs: channels, image: settings.image },
    ...{ instanceType: instance, instances: 1, parameters: hyperparameters, output: null, version: null },
  };
}

/**
 * The job that forecasts, evaluates or writes features on SageMaker, as the workflow does. Nothing is submitted.
 * @param model its name
 * @param options step, data, machines, which version
 * @returns the job
 * @throws ConfigurationError when image or role are missing, or no version is approved
 */
export async function processingLaunch(model: string, options: ProcessingLaunchOptions): Promise<Launch> {
  modelPackage(model);
  const { step, output, count = 1, threads, instance, name = jobName(step, model) } = options;
  if (options.horizon !== undefined) checkHorizon(options.horizon);
  if (options.discounts !== undefined) parseDiscountGrid(options.discounts);
  if (step === 'evaluate' && count > 1)
    throw new ConfigurationError('an evaluation runs on one host', {
      expected: '--count 1',
      found: String(count),
    });
  const settings = jobSettings(model, name, count, options);
  const told = {
    ...{ step, cutoff: options.cutoff === undefined ? undefined : formatWeek(weekOf(options.cutoff)) },
    ...{ horizon: options.horizon, discounts: options.discounts, segment: options.segment, threads },
    // Forecasts and features go to S3 as they are made: a job that is started again skips what is there.
    output: step === 'evaluate' ? undefined : output,
  };
  const parameters = Object.fromEntries(
    Object.entries(told).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  );
  const version = step === 'features' ? null : await usedVersion(model, options);
  const inputs = [
    ...dataInputs(options),
    ...(version === null ? [] : [{ name: 'model', uri: version.artifact }]),
  ];
  const request = processingRequest({
    ...{ ...settings, arguments: stepArguments(told), inputs },
    outputs: step === 'evaluate' ? [{ name: 'evaluation', uri: output }] : [],
    // What writes to S3 by itself has to reach it.
    isIsolated: step === 'evaluate',
  });
  return {
    ...{ launch: { kind: 'process', request }, name, model, inputs, image: settings.image },
    ...{ instanceType: instance, instances: count, parameters, output, version },
  };
}

async function usedVersion(
  model: string,
  options: ProcessingLaunchOptions,
): Promise<NonNullable<Launch['version']>> {
  const role = options.step === 'evaluate' ? 'scored' : 'forecast';
  if (options.modelUri !== undefined)
    return { role, artifact: options.modelUri, version: null, trainedBy: null };
  const registry = await readableRegistry(options.registry, options.home);
  const approved = await registry.latestApproved(model, options.dataset);
  if (approved?.artifact.startsWith('s3://') === true)
    return { role, artifact: approved.artifact, version: approved.version, trainedBy: approved.run };
  throw new ConfigurationError(`there is no approved version of ${model} in S3`, {
    expected: 'a version whose artifact is an s3: URI',
    found: approved === null ? 'none' : `version ${approved.version}: ${approved.artifact}`,
    where: { file: registry.url },
    remedy: 'Name a model with --model-uri, or approve a version: "hemline models approve".',
  });
}
