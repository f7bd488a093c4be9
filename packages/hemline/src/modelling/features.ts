import { basename, resolve } from 'node:path';
import { HemlineError, checkHorizon, formatWeek } from '@hemline/core';
import { Home, urlOf } from '@hemline/runs';
import { featuresJob } from '../jobs/process-job.ts';
import { recordRun, type RecordedRun, type RunSubject } from '../runs/record-run.ts';
import { openData, weekOf, type DataOptions, type RecordOptions, type WeekLike } from '../work-options.ts';

/** What is written as features. */
export interface FeaturesOptions extends DataOptions, RecordOptions {
  /** A model that declares features; by default features that suit most demand. */
  readonly model?: string;
  /** File with features as JSON, in place of those of the model. */
  readonly definition?: string;
  /** Last known week; by default the last one with a demand. */
  readonly cutoff?: WeekLike;
  /** Planned weeks after it, at most; 26 by default. */
  readonly horizon?: number;
  /** Folder or `s3://bucket/prefix`; by default a folder of the run. */
  readonly output?: string;
  /** Threads that partitions are spread over; by default one a core. */
  readonly threads?: number;
}

/** Where features lie, and which. */
export interface FeaturesResult extends Awaited<ReturnType<typeof featuresJob>> {
  /** Name of the model, or `standard-features`. */
  readonly features: string;
  readonly run: string;
}

/**
 * Writes a model's features as a Parquet panel, with their definition beside it.
 * @param options data, model or definition, window
 * @returns where the panel lies, and its features
 * @throws JobError with the reason of the job
 */
export async function features(options: FeaturesOptions): Promise<FeaturesResult> {
  const horizon = checkHorizon(options.horizon ?? 26);
  const home = new Home(options.home).prepared();
  const dataset = await identify(options);
  const name = options.model ?? 'standard-features';
  const { definition, output, threads, descriptor } = options;
  const cutoff = options.cutoff === undefined ? undefined : weekOf(options.cutoff);
  const work = async ({ run, root, step, recorder, watch }: RecordedRun): Promise<FeaturesResult> => {
    const summary = await featuresJob(
      {
        ...{ model: options.model ?? null, data: { directory: options.data, descriptor }, run, root },
        ...{ signal: options.signal, ...watch },
        onProgress: (event) => options.onProgress?.(name, event),
      },
      { cutoff, horizon, definition, output, threads },
    );
    const { directory, files, rows, bytes } = summary;
    await recorder.addOutput({ step, name: 'features', url: urlOf(directory), files, rows, bytes });
    return { features: name, run, ...summary };
  };
  const parameters = {
    ...{ cutoff: cutoff === undefined ? undefined : formatWeek(cutoff), horizon, definition, output },
    ...{ threads, descriptor },
  };
  const subject = { kind: 'features', model: name, dataset, parameters, record: options };
  return recordRun(home, subject, work);
}

/** Data that is partitioned by week opens only once the job has written it anew: then its fingerprint is not known here. */
async function identify(options: DataOptions): Promise<RunSubject['dataset']> {
  try {
    return await openData(options);
  } catch (error) {
    if (!(error instanceof HemlineError)) throw error;
    const directory = resolve(options.data);
    return { name: basename(directory), directory, fingerprint: null };
  }
}
