import {
  conductExperiment,
  ExperimentFolder,
  machinePlace,
  parseExperiment,
  promotionOf,
  readExperiment,
  readOutcome,
  readPromotion,
  sageMakerPlace,
  writePromotion,
  type Experiment,
  type ExperimentEnd,
  type ExperimentOutcome,
  type ExperimentPlace,
  type Promotion,
} from '@hemline/experiments';
import { Home } from '@hemline/runs';
import { LaunchError } from '../jobs/launch-error.ts';
import { DEFAULT_HOURS, jobSettings, type JobOptions } from '../launch/job-options.ts';
import { readableRegistry, type RegistryOption } from '../registry.ts';
import { codeFacts } from '../runs/code-facts.ts';
import { jobsOfMachine } from '../workflow/jobs-of-machine.ts';
import { sourceVersion } from '../workflow/source-version.ts';
import { openData, type DataOptions, type HomeOption, type RecordOptions } from '../work-options.ts';
import { loadModel, modelPackage } from '../workspace.ts';

/** What jobs of an experiment take besides what every job takes. */
export interface ExperimentJobs {
  /** Folder in S3 below which experiments leave their scores. */
  readonly output?: string;
  /** Seconds between two looks at a job, 5 by default. */
  readonly poll?: number;
  /** Whether the signal stops the jobs under way; by default they go on. */
  readonly stopOnInterrupt?: boolean;
}

/** How an experiment is conducted. */
export interface ExperimentOptions extends DataOptions, RecordOptions, RegistryOption {
  /** Fits at the same time; by default what cores and memory bear, or 8 jobs. */
  readonly parallel?: number;
  /** With it fits are jobs of SageMaker, on data in S3; without, processes of this machine. */
  readonly jobs?: JobOptions & ExperimentJobs;
}

/**
 * Tries the variants of an experiment at several cutoffs and seeds, and ranks them with the uncertainty of it. One that was
 * interrupted goes on.
 * @param declared the experiment, or the file that declares it
 * @param options data, registry, where the fits are made
 * @returns the result, which is also kept in `experiments/` of the home
 * @throws ConfigurationError that names everything that is wrong with the experiment
 * @throws InterruptedError when the signal was raised; finished fits are kept
 */
export async function experiment(
  declared: string | Experiment,
  options: ExperimentOptions,
): Promise<ExperimentEnd> {
  const isFile = typeof declared === 'string';
  const declaration = isFile ? await readExperiment(declared) : parseExperiment(declared, 'the experiment');
  const place = placeOf(declaration.name, options);
  return conductExperiment(declaration, {
    ...{ place, dataset: await openData(options), home: new Home(options.home).prepared() },
    registry: await readableRegistry(options.registry, options.home),
    models: { modelOf: loadModel, promotionOf: (model) => readPromotion(modelPackage(model).directory) },
    parameters: isFile ? { file: declared } : {},
    command: options.command ?? ['@hemline/hemline', 'experiment'],
    code: await codeFacts(),
    mlflow: options.mlflow,
    watch: {
      onProgress: (part, event) => options.onProgress?.(part, event),
      onDone: (part) => options.onDone?.(part),
      onNotice: (text) => options.onNotice?.(text),
    },
    signal: options.signal ?? new AbortController().signal,
  });
}

function placeOf(name: string, { data, descriptor, parallel, jobs }: ExperimentOptions): ExperimentPlace {
  if (jobs === undefined)
    return machinePlace({
      ...{ data, descriptor, parallel, most: jobsOfMachine(), code: sourceVersion() },
      program: new URL('unit-process.ts', import.meta.url),
    });
  const { instance, output, hours = DEFAULT_HOURS, poll = 5, stopOnInterrupt } = jobs;
  return sageMakerPlace(name, {
    ...{ data, descriptor, parallel, instance, output, hours, poll, stopOnInterrupt },
    image: jobs.image ?? process.env['HEMLINE_IMAGE'],
    settingsOf: (model, job) => jobSettings(model, job, 1, jobs),
    failureOf: (status) => new LaunchError(status),
  });
}

/**
 * The result of an experiment that has ended.
 * @param name of the experiment
 * @param options home that it is kept in
 * @returns its ranking and what belongs to it
 * @throws ConfigurationError when it has not ended
 */
export async function experimentOutcome(name: string, options: HomeOption = {}): Promise<ExperimentOutcome> {
  const folder = new ExperimentFolder(new Home(options.home), name);
  await folder.finishedState(name);
  return readOutcome(folder.result);
}

/** What is promoted. */
export interface PromoteOptions extends HomeOption {
  /** Name or rank of the variant; by default the first. */
  readonly variant?: string;
  /** Also where it is not better than the champion beyond noise. */
  readonly anyway?: boolean;
}

/**
 * Puts the hyperparameters of a variant into the weekly workflow: `promoted.json` of the model, to be committed.
 * @param name of the experiment
 * @param options variant, whether anyway
 * @returns the file, and what it says
 * @throws ConfigurationError when the variant was not tried to the end, or is not better beyond noise
 */
export async function promote(
  name: string,
  options: PromoteOptions = {},
): Promise<Promotion & { readonly file: string }> {
  const outcome = await experimentOutcome(name, options);
  const promotion = promotionOf(outcome, options.variant, options.anyway === true);
  const file = await writePromotion(promotion, modelPackage(promotion.model).directory);
  return { file, ...promotion };
}
