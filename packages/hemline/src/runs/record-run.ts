import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HemlineError, type ProgressEvent } from '@hemline/core';
import type { Dataset } from '@hemline/runtime';
import {
  openMlflow,
  RunRecorder,
  readPrices,
  type MeasurementPlace,
  type RunFacts,
  pricesFile,
  type Home,
  urlOf,
} from '@hemline/runs';
import type { RecordOptions } from '../work-options.ts';
import { absolutePlace } from './absolute-place.ts';
import { codeFacts } from './code-facts.ts';

/** Parameters that name files and folders: a record has them as whoever reads it elsewhere finds them. */
const PLACES: readonly string[] = ['limits', 'plan', 'output', 'decisions', 'descriptor'];

/** What work that leaves a record is about. */
export interface RunSubject {
  /** What is done; begins the id of the run. */
  readonly kind: string;
  readonly model: string;
  readonly dataset: Pick<Dataset, 'name' | 'directory'> & { readonly fingerprint: string | null };
  /** Options as they hold, defaults included; those that are undefined are left out. */
  readonly parameters: Readonly<Record<string, string | number | undefined>>;
  /** Hyperparameters that were given. */
  readonly set?: Readonly<Record<string, string>>;
  /** What its record takes besides, from the options of the work. */
  readonly record: Pick<RecordOptions, 'mlflow' | 'command' | 'onNotice'>;
}

/** A run that is being recorded. */
export interface RecordedRun {
  readonly run: string;
  /** Folder of the run. */
  readonly directory: string;
  /** Folder of the job. */
  readonly root: string;
  /** Its one step. */
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
 * Does work as one step of a new run, and leaves the run's record whatever comes of it.
 * @param home where runs are kept
 * @param subject what the work is about
 * @param work with the run; tells the recorder what came of it
 * @returns what the work returns
 */
export async function recordRun<T>(
  home: Home,
  subject: RunSubject,
  work: (run: RecordedRun) => Promise<T>,
): Promise<T> {
  const { kind, model, dataset, set = {}, record } = subject;
  const prices = await readPrices(pricesFile(home));
  const { run, directory } = home.newRun(kind);
  const given = { model, ...subject.parameters };
  const facts: RunFacts = {
    run,
    kind,
    command: record.command ?? ['@hemline/hemline', kind],
    parameters: Object.fromEntries([
      ...Object.entries(given)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, PLACES.includes(name) ? absolutePlace(String(value)) : String(value)]),
      ...Object.entries(set).map(([name, value]) => [`set.${name}`, value]),
    ]),
    code: await codeFacts(),
    prices,
  };
  const recorder = await RunRecorder.open(directory, facts, openMlflow(directory, record.mlflow));
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
      record.onNotice?.(`The record of the run lacks its end: ${(failure as Error).message}`);
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
