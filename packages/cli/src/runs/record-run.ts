import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HemlineError } from '@hemline/core';
import { isS3, type Dataset } from '@hemline/runtime';
import { RunRecorder, readPrices } from '@hemline/workflow';
import { pricesFile, type Home } from '../home.ts';
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
  const recorder = await RunRecorder.open(directory, {
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
  });
  const { name, fingerprint } = dataset;
  await recorder.addInput({ name, url: urlOf(dataset.directory), fingerprint });
  const step = `${kind} ${model}`;
  const root = join(directory, model);
  let result: T;
  try {
    await recorder.stepStarted(step);
    result = await work({ run, directory, root, step, recorder });
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

/**
 * @param place path or URL
 * @returns its URL
 */
export function urlOf(place: string): string {
  return isS3(place) || place.startsWith('file:') ? place : pathToFileURL(place).href;
}
