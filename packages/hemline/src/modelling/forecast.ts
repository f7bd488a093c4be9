import { createHash } from 'node:crypto';
import { DEFAULT_DISCOUNTS, checkHorizon, formatWeek, parseDiscountGrid } from '@hemline/core';
import { Home, urlOf } from '@hemline/runs';
import { readManifest } from '@hemline/stores';
import { forecastJob, type ForecastSummary } from '../jobs/process-job.ts';
import { findTrained } from '../jobs/train-job.ts';
import { recordRun, type RecordedRun } from '../runs/record-run.ts';
import { openData, weekOf, type DataOptions, type RecordOptions, type WeekLike } from '../work-options.ts';
import { modelPackage } from '../workspace.ts';

/** What is forecast. */
export interface ForecastOptions extends DataOptions, RecordOptions {
  /** Folder of a trained model; by default the latest. */
  readonly modelDir?: string;
  /** Whether the model may be used on data with another past than it was trained on. */
  readonly anyPast?: boolean;
  /** Last known week; by default the trained model's. */
  readonly cutoff?: WeekLike;
  /** Weeks ahead, 26 by default. */
  readonly horizon?: number;
  /** Grid of discounts: `from:to:step` or a list, separated by commas. */
  readonly discounts?: string;
  /** Whether to write curves in the place of a row for each discount. */
  readonly curves?: boolean;
  /** Folder or `s3://bucket/prefix`, one for each run; by default a folder of the run. */
  readonly output?: string;
  /** Threads that partitions are spread over; by default as the model wants. */
  readonly threads?: number;
}

/** Where forecasts lie, and how many. */
export interface ForecastResult extends ForecastSummary {
  readonly model: string;
  readonly run: string;
}

/**
 * Forecasts every item through the container's own entrypoint.
 * @param model its name
 * @param options data, trained model, horizon, discounts
 * @returns where the forecasts lie
 * @throws ConfigurationError when the model has not been trained on the dataset
 * @throws JobError with the reason of the job
 */
export async function forecast(model: string, options: ForecastOptions): Promise<ForecastResult> {
  // A misspelt name is told before the data is looked at.
  modelPackage(model);
  const { discounts = DEFAULT_DISCOUNTS, curves, output, threads, descriptor, anyPast } = options;
  const horizon = checkHorizon(options.horizon ?? 26);
  parseDiscountGrid(discounts);
  const home = new Home(options.home).prepared();
  const dataset = await openData(options);
  const trained = await findTrained(home, model, dataset.name, options.modelDir);
  const cutoff = weekOf(options.cutoff ?? trained.cutoff);
  const work = async ({ run, root, step, recorder, watch }: RecordedRun): Promise<ForecastResult> => {
    const artifact = urlOf(trained.directory);
    await recorder.addVersion({ step, model, role: 'forecast', artifact, trainedBy: trained.run });
    const summary = await forecastJob(
      {
        ...{ trained, data: { directory: options.data, descriptor }, run, root, cutoff, horizon },
        ...{ signal: options.signal, ...watch },
        onProgress: (event) => options.onProgress?.(model, event),
        onWarning: (text) => options.onNotice?.(text),
      },
      { discounts, curves, output, threads, anyPast },
    );
    const { directory, files, rows, bytes } = summary;
    const fingerprint = await fingerprintOf(directory);
    const url = urlOf(directory);
    await recorder.addOutput({ step, name: 'forecast', url, files, rows, bytes, fingerprint });
    return { model, run, ...summary };
  };
  const parameters = {
    ...{ cutoff: formatWeek(cutoff), horizon, discounts, output, threads, descriptor },
    ...{ form: curves === true ? 'curves' : 'grid', modelDir: options.modelDir },
    ...(anyPast === true ? { past: 'any' } : {}),
  };
  return recordRun(home, { kind: 'forecast', model, dataset, parameters, record: options }, work);
}

/** Of all files with their checksums: the same forecasts have the same. */
async function fingerprintOf(directory: string): Promise<string> {
  const { files } = await readManifest(directory);
  const contents = files.map(({ file, sha256 }) => [file, sha256]);
  return createHash('sha256').update(JSON.stringify(contents)).digest('hex');
}
