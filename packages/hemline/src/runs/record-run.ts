import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HemlineError, type ProgressEvent } from '@hemline/core';
import { isS3 } from '@hemline/stores';
import { type Dataset } from '@hemline/runtime';
import {
  openMlflow,
  RunRecorder,
  readPrices,
  type MeasurementPlace,
  type RunFacts,
  pricesFile,
  type Home,
} from '@hemline/runs';
import { codeFacts } from './code-facts.ts';

/** What a command that leaves a record is about. */
export interface RunSubject {
  /** Name of the command; begins the id of the run. */
  readonly kind: string;
  readonly model: string;
  readonly dataset: Pick<Dataset, 'name' | 'directory'> & { readonly fingerprint: string | null };
  /** Options as they hold, defaults included; those that are undefined are left out. */
  readonly parameters: Readonly<Record<string, string | number | undefined>>;
  /** Hyperparameters of `--set`. */
  readonly set?: Readonly<Record<string, string>>;
  /** Tracking server of `--mlflow`. */
  readonly mlflow?: string;
}

/** A run that is being recorded. */
export interface RecordedRun {
  readonly run: string;
  /** Folder of the run. */
  readonly directory: string;
  /** Folder of the job. */
  readonly root: string;
  /** The command's one step. */
  readonly step: string;
  readonly recorder: RunRecorder;
  /** What to give a job besides its progress, so that the record has its metrics over time and its memory. */
  readonly watch: {
    onProgress(event: ProgressEvent): void;
    onMetric(name: string, value: number): void;
    onMemory(peakBytes: number): void;
  };
}

/**
 * Does the work of a command as one step of a new run, and leaves the run's record whatever comes of it.
 * @param home where runs are kept
 * @param subject what the command is about
 * @param work with the run; tells the recorder what came of it
 * @returns what the work returns
 */
export async function recordRun<T>(
  home: Home,
  subject: RunSubject,
  work: (run: RecordedRun) => Promise<T>,
): Promise<T> {
  const { kind, model, dataset, set = {} } = subject;
  const prices = await readPrices(pricesFile(home));
  const { run, directory } = home.newRun(kind);
  const given = { model, ...subject.parameters };
  const facts: RunFacts = {
    run,
    kind,
    command: ['hemline', ...process.argv.slice(2)],
    parameters: Object.fromEntries([
      ...Object.entries(given)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, String(value)]),
      ...Object.entries(set).map(([name, value]) => [`set.${name}`, value]),
    ]),
    code: await codeFacts(),
    prices,
  };
  const recorder = await RunRecorder.open(directory, facts, openMlflow(directory, subject.mlflow));
  const { name, fingerprint } = dataset;
  await recorder.addInput({ name, url: urlOf(dataset.directory), fingerprint });
  const step = `${kind} ${model}`;
  const root = join(directory, model);
  const watch = new StepWatch(recorder, step);
  let result: T;
  try {
    await recorder.stepStarted(step);
    result = await work({ run, directory, root, step, recorder, watch }).finally(() => watch.conclude());
    await recorder.stepFinished(step);
  } catch (error) {
    const isStopped = error instanceof HemlineError && error.blame === 'interrupted';
    const log = join(root, 'job.log');
    try {
      await recorder.stepFailed(step, error, existsSync(log) ? log : null);
      await recorder.finish(isStopped ? 'interrupted' : 'failed');
    } catch (failure) {
      // What the run failed of is what the person has to know first.
      process.stderr.write(`The record of the run lacks its end: ${(failure as Error).message}\n`);
    }
    throw error;
  }
  await recorder.finish('succeeded');
  return result;
}

/** Takes what a job says while it runs. */
class StepWatch {
  readonly #recorder: RunRecorder;
  readonly #step: string;
  #place: MeasurementPlace | undefined;
  #peakBytes = 0;
  #told: Promise<unknown> = Promise.resolve();

  constructor(recorder: RunRecorder, step: string) {
    this.#recorder = recorder;
    this.#step = step;
  }

  onProgress = ({ phase, done, total, unit }: ProgressEvent): void => {
    this.#place = { phase, done, total, unit };
  };

  onMetric = (name: string, value: number): void => {
    const told = this.#recorder.measure(this.#step, name, value, this.#place);
    // The first that cannot be written is thrown by conclude.
    this.#told = Promise.all([this.#told, told]);
    this.#told.catch(() => undefined);
  };

  onMemory = (peakBytes: number): void => {
    this.#peakBytes = Math.max(this.#peakBytes, peakBytes);
  };

  async conclude(): Promise<void> {
    if (this.#peakBytes > 0) await this.#recorder.stepMemory(this.#step, this.#peakBytes);
    await this.#told;
  }
}

/**
 * @param place path or URL
 * @returns its URL
 */
export function urlOf(place: string): string {
  return isS3(place) || place.startsWith('file:') ? place : pathToFileURL(place).href;
}
