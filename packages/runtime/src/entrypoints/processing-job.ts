import {
  ConfigurationError,
  checkCutoff,
  formatWeek,
  parseWeek,
  type AnyModel,
  type ArtifactReader,
  type Week,
} from '@hemline/core';
import { openArtifact, type ArtifactCard } from '../artifacts/model-artifact.ts';
import type { Provenance } from '@hemline/stores';
import { openDatasetFromChannels } from '../datasets/open-dataset.ts';
import { type Dataset } from '../datasets/dataset.ts';
import type { ProcessingContext } from '@hemline/sagemaker';
import type { JobProcess } from './job-process.ts';
import type { ProcessingArguments } from './processing-arguments.ts';

/** A processing job whose model folder is open. */
export interface ProcessingModel extends JobProcess {
  readonly model: AnyModel;
  readonly card: ArtifactCard;
  /** What the model is loaded from. */
  readonly artifact: ArtifactReader;
  /** Unpacked folder of the model. */
  readonly folder: string;
  readonly context: ProcessingContext;
  readonly arguments: ProcessingArguments;
  readonly argv: readonly string[];
  readonly cutoff: Week;
  /** The same for every start of the job. */
  readonly runId: string;
}

/** Everything that a step of a processing job works with. */
export interface ProcessingJob extends ProcessingModel {
  readonly dataset: Dataset;
  /** Temporary folder of the data, where it does not lie in the job's inputs. */
  readonly scratch?: string | null;
}

/**
 * Opens the model folder of a processing job.
 * @param model that it should hold
 * @param folder unpacked
 * @param job what is known of the job
 * @returns the job with its model, not loaded
 * @throws ArtifactError when the folder does not hold the model
 * @throws ConfigurationError when the cutoff does not fit the model
 */
export async function openModel(
  model: AnyModel,
  folder: string,
  job: JobProcess & Pick<ProcessingModel, 'context' | 'arguments' | 'argv'>,
): Promise<ProcessingModel> {
  const { card, artifact } = await openArtifact(folder, model);
  const known = parseWeek(card.cutoff);
  const cutoff = job.arguments.cutoff ?? known;
  checkCutoff(cutoff, known);
  if (job.arguments.step === 'evaluate' && known > cutoff) {
    throw new ConfigurationError('the model knows the weeks that it would be scored on', {
      expected: `a cutoff of ${card.cutoff} or later`,
      found: formatWeek(cutoff),
      remedy: 'Train with an earlier cutoff, or evaluate with a later one.',
    });
  }
  return { ...job, model, folder, card, artifact, cutoff, runId: runIdOf(job) };
}

/**
 * The run that a job belongs to.
 * @param job environment and context
 * @returns `HEMLINE_RUN_ID`, else the job's name
 */
export function runIdOf({ environment, context }: Pick<ProcessingModel, 'environment' | 'context'>): string {
  const given = environment['HEMLINE_RUN_ID'];
  return given === undefined || given === '' ? context.jobName : given;
}

/**
 * Opens the data of a processing job.
 * @param job with its model
 * @returns the job with its data; no row has been read
 */
export async function openData(job: ProcessingModel): Promise<ProcessingJob> {
  const inputs = Object.values(job.context.inputs);
  const dataset = await openDatasetFromChannels(
    Object.fromEntries(inputs.map(({ name, directory }) => [name, directory])),
  );
  return { ...job, dataset };
}

/**
 * What the forecasts of a job can be traced back to.
 * @param job with its model
 * @returns provenance of every file
 */
export function provenanceOf({ card, runId }: ProcessingModel): Provenance {
  return {
    model: card.model,
    modelVersion: card.modelVersion,
    trainingFingerprint: card.dataFingerprint,
    codeVersion: card.codeVersion,
    runId,
  };
}

/**
 * The folder of an input.
 * @param context of the job
 * @param name of the input
 * @returns the folder
 * @throws ConfigurationError when the job has no such input
 */
export function requiredInput(context: ProcessingContext, name: string): string {
  const input = context.inputs[name];
  if (input !== undefined) return input.directory;
  throw new ConfigurationError('the job lacks an input', {
    expected: `an input named ${name}`,
    found: Object.keys(context.inputs).join(', ') || 'none',
  });
}

/**
 * Where an output goes: `--output`, else the folder of the job's output of that name.
 * @param job its context and arguments
 * @param name of the output
 * @returns folder or URL
 * @throws ConfigurationError when the job has no such output
 */
export function outputOf(
  { context, arguments: given }: Pick<ProcessingModel, 'context' | 'arguments'>,
  name: string,
): string {
  const output = given.output ?? context.outputs[name];
  if (output !== undefined) return output;
  throw new ConfigurationError('the job lacks an output', {
    expected: `an output named ${name}, or --output`,
    found: Object.keys(context.outputs).join(', ') || 'none',
  });
}
