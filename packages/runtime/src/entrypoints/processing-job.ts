import { ConfigurationError, type AnyModel, type FittedModel, type Week } from '@hemline/core';
import type { ArtifactCard } from '../artifacts/index.ts';
import type { Dataset } from '../datasets/index.ts';
import type { ProcessingContext } from '../sagemaker/index.ts';
import type { JobProcess } from './job-process.ts';
import type { ProcessingArguments } from './processing-arguments.ts';

/** Everything that a step of a processing job works with. */
export interface ProcessingJob extends JobProcess {
  readonly model: AnyModel;
  readonly fitted: FittedModel;
  readonly card: ArtifactCard;
  readonly dataset: Dataset;
  readonly context: ProcessingContext;
  readonly arguments: ProcessingArguments;
  readonly cutoff: Week;
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
 * The folder of an output.
 * @param context of the job
 * @param name of the output
 * @returns the folder
 * @throws ConfigurationError when the job has no such output
 */
export function requiredOutput(context: ProcessingContext, name: string): string {
  const output = context.outputs[name];
  if (output !== undefined) return output;
  throw new ConfigurationError('the job lacks an output', {
    expected: `an output named ${name}`,
    found: Object.keys(context.outputs).join(', ') || 'none',
  });
}
