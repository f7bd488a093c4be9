import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ConfigurationError, HemlineError, InterruptedError, type ProgressEvent } from '@hemline/core';
import { EXIT_CODES } from '@hemline/sagemaker';
import { localSettings, type JobInput, type JobRequest, type JobSettings } from '@hemline/sagemaker/requests';
import {
  ExecutionStopped,
  JobRunner,
  ProcessEngine,
  TaskFailed,
  type JobEnd,
  type LocalProgram,
} from '@hemline/sagemaker/run';
import { isS3 } from '@hemline/stores';
import { NODE } from '../workflow/node-program.ts';
import { programOf } from '../workflow/programs.ts';

/** Data for a job: a dataset's folder, and a descriptor apart where the folder is not ours to write to. */
export interface JobData {
  readonly directory: string;
  readonly descriptor?: string;
}

/** What every job on this machine is told, and who is told about it. */
export interface LocalJob {
  readonly data: JobData;
  /** Name of the run that it belongs to. */
  readonly run: string;
  /** Folder of the job, in place of `/opt/ml`; the job's log is its `job.log`. */
  readonly root: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
  readonly onMetric?: (name: string, value: number) => void;
  /** Told what the job warns of. */
  readonly onWarning?: (text: string) => void;
  /** Told the most memory that the process has had so far. */
  readonly onMemory?: (peakBytes: number) => void;
}

/** Stands for an image that writes the features which suit most demand, without a model. */
export const STANDARD_FEATURES = 'standard-features';
const STANDARD_FEATURES_SCRIPT = fileURLToPath(new URL('standard-features.ts', import.meta.url));

/** A job ended with another exit code than 0. */
export class JobError extends HemlineError {
  override readonly code: string = 'JOB';
  /** As the entrypoint gave it. */
  readonly exitCode: number;

  /**
   * @param what of which model
   * @param end how it ended
   */
  constructor(what: string, end: JobEnd) {
    super(`${what} failed: ${end.reason ?? 'it left no reason'}`, { remedy: `Its log: ${end.log}` });
    this.exitCode = end.exitCode;
  }
}

/**
 * What the request of a job on this machine says in place of role, machines and tags.
 * @param job to run
 * @param model its name, which stands for its image
 * @returns settings of the request
 */
export function settingsOf(job: LocalJob, model: string): JobSettings {
  return localSettings(basename(job.root), model, { ...job.environment, HEMLINE_RUN_ID: job.run });
}

/**
 * The places that every job reads: dataset and descriptor.
 * @param job with data on this machine
 * @returns its inputs, to be linked in
 * @throws ConfigurationError for data in S3
 */
export function localInputs({ data, root }: LocalJob): JobInput[] {
  const { directory, descriptor } = data;
  if (isS3(directory))
    throw new ConfigurationError('a job on this machine needs its data here', {
      expected: 'a folder',
      found: directory,
      remedy: `Copy it first (aws s3 sync ${directory} FOLDER); inspect and backtest read S3 as it is.`,
    });
  const inputs = [{ name: 'dataset', uri: uriOf(directory) }];
  if (descriptor === undefined) return inputs;
  // In its channel a descriptor has this name, whatever it is called elsewhere.
  mkdirSync(root, { recursive: true });
  const named = join(root, 'dataset.json');
  copyFileSync(descriptor, named);
  return [...inputs, { name: 'descriptor', uri: uriOf(named) }];
}

/**
 * @param path on this machine
 * @returns its `file:` URI
 */
export function uriOf(path: string): string {
  return pathToFileURL(resolve(path)).href;
}

/**
 * Runs a request as a process of this machine; what it leaves stays in the job's root.
 * @param model of the job
 * @param job who is told, and how it is stopped
 * @param request kind and request
 * @returns the metrics that it printed, by name
 * @throws JobError with the reason that the job left
 * @throws InterruptedError when the signal, or somebody else, stopped it
 */
export async function runJob(
  model: string,
  job: LocalJob,
  request: JobRequest,
): Promise<Record<string, number>> {
  const { root, signal, onProgress, onMemory } = job;
  const metrics: Record<string, number> = {};
  const runner = new JobRunner({
    engine: new ProcessEngine(programFor),
    leavesOutputs: true,
    ...(signal === undefined ? {} : { signal }),
  });
  const what = `${request.kind} of ${model}`;
  try {
    await runner.run(request, root, {
      progress: (event) => onProgress?.(event),
      metric: (name, value) => {
        metrics[name] = value;
        job.onMetric?.(name, value);
      },
      warning: (text) => job.onWarning?.(text),
      memory: (peakBytes) => onMemory?.(peakBytes),
    });
    return metrics;
  } catch (error) {
    const end = error instanceof TaskFailed ? error.end : null;
    if (error instanceof ExecutionStopped || end?.exitCode === EXIT_CODES.interrupted)
      throw new InterruptedError(`${what} was stopped`, { remedy: 'Start it again.' });
    throw end === null ? error : new JobError(what, end);
  }
}

function programFor(image: string, entrypoint: string): LocalProgram | null {
  if (image !== STANDARD_FEATURES) return programOf(image, entrypoint);
  return { program: NODE, arguments: [STANDARD_FEATURES_SCRIPT] };
}
