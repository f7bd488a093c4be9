import { ConfigurationError, type Week } from '@hemline/core';
import type { ProcessingContext } from '@hemline/sagemaker';
import { openDatasetFromChannels } from '../datasets/open-dataset.ts';
import type { Dataset } from '../datasets/dataset.ts';
import type { ProcessingArguments } from './processing-arguments.ts';
import type { JobProcess } from './run-entrypoint.ts';

/** What is known of a processing job before anything is opened. */
export interface ProcessingRequest extends JobProcess {
  readonly context: ProcessingContext;
  readonly arguments: ProcessingArguments;
  readonly argv: readonly string[];
}

/** Everything that a step of a processing job works with. */
export interface ProcessingJob extends ProcessingRequest {
  readonly dataset: Dataset;
  /** Temporary folder of the data, where it does not lie in the job's inputs. */
  readonly scratch?: string | null;
  readonly cutoff: Week;
  /** The same for every start of the job. */
  readonly runId: string;
}

/**
 * Opens the data of a processing job.
 * @param request its context
 * @returns the dataset; no row has been read
 * @throws ConfigurationError when the weekly table is dealt out and some weeks can only be told from all of it
 */
export async function openData({ context }: Pick<ProcessingRequest, 'context'>): Promise<Dataset> {
  const inputs = Object.values(context.inputs);
  const dataset = await openDatasetFromChannels(
    Object.fromEntries(inputs.map(({ name, directory }) => [name, directory])),
  );
  const missing = dataset.spanOfAllData;
  if (context.inputs['weekly']?.sharded !== true || context.hosts.all.length === 1 || missing.length === 0)
    return dataset;
  // Each host would take the weeks of its own files, and forecasts would depend on which host has which.
  throw new ConfigurationError(
    'no host of a sharded weekly table knows over which weeks all of it is whole',
    {
      expected: `${missing.join(' and ')} of weekly in dataset.json, beside "missingWeeks": "zero"`,
      found: `${context.hosts.all.length} hosts that each have some of the files`,
      remedy: `Say ${missing.length === 1 ? 'it' : 'them'} there, such as ${missing.map((key) => `"${key}": "2024-07-22"`).join(', ')}, or replicate weekly to all hosts.`,
    },
  );
}

/**
 * The run that a job belongs to.
 * @param request environment and context
 * @returns `HEMLINE_RUN_ID`, else the job's name
 */
export function runIdOf({
  environment,
  context,
}: Pick<ProcessingRequest, 'environment' | 'context'>): string {
  const given = environment['HEMLINE_RUN_ID'];
  return given === undefined || given === '' ? context.jobName : given;
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
  { context, arguments: given }: Pick<ProcessingRequest, 'context' | 'arguments'>,
  name: string,
): string {
  const output = given.output ?? context.outputs[name];
  if (output !== undefined) return output;
  throw new ConfigurationError('the job lacks an output', {
    expected: `an output named ${name}, or --output`,
    found: Object.keys(context.outputs).join(', ') || 'none',
  });
}
