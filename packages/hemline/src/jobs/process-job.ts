import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { formatWeek, type Week } from '@hemline/core';
import type { ScoreTable } from '@hemline/evaluation';
import { processingRequest, type JobInput } from '@hemline/sagemaker/requests';
import { openParquetFile, readManifest } from '@hemline/stores';
import type { TrainedModel } from '@hemline/runs';
import { modelPackage } from '../workspace.ts';
import { stepArguments, type StepParameters } from './step-arguments.ts';
import { localInputs, runJob, settingsOf, STANDARD_FEATURES, uriOf, type LocalJob } from './run-job.ts';

/** Article, market, week, lead time, observed, demand: the columns of every panel that are no features. */
const PANEL_KEYS = 6;

/** What a forecast and an evaluation have in common. */
export interface ProcessJob extends LocalJob {
  readonly trained: TrainedModel;
  readonly cutoff: Week;
  readonly horizon: number;
}

/** What a forecast takes besides. */
export interface ForecastOptions {
  /** Grid of levels, as text. */
  readonly discounts: string;
  /** Whether to write curves in the place of the grid. */
  readonly curves?: boolean;
  /** Folder or URL that the forecasts go to, the job's own folder by default. */
  readonly output?: string;
  /** Threads that partitions are spread over; by default as the model wants. */
  readonly threads?: number;
  /** Whether the data may have another past than the model was trained on. */
  readonly anyPast?: boolean;
}

/** Rows, bytes and files of a forecast, from its manifest. */
export interface ForecastSummary {
  /** Folder or URL. */
  readonly directory: string;
  readonly files: number;
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Forecasts a dataset through the model's entrypoint.
 * @param job what to forecast
 * @param options discounts or curves, output, threads
 * @returns where the forecasts lie
 */
export async function forecastJob(
  job: ProcessJob,
  { discounts, curves, output, threads, anyPast }: ForecastOptions,
): Promise<ForecastSummary> {
  const forecast = await processTrained(job, 'forecast', {
    ...{ step: 'forecast', cutoff: formatWeek(job.cutoff), horizon: job.horizon, discounts },
    ...{ form: curves === true ? 'curves' : undefined, output, threads },
    past: anyPast === true ? 'any' : undefined,
  });
  return summaryOf(output ?? forecast);
}

/** A job that writes features. */
export interface FeaturesJob extends LocalJob {
  /** Null: the features that suit most demand. */
  readonly model: string | null;
}

/** What features take. */
export interface FeaturesOptions {
  /** By default the last week with a demand. */
  readonly cutoff?: Week;
  readonly horizon: number;
  /** Path of a definition; by default the model's own. */
  readonly definition?: string;
  readonly output?: string;
  readonly threads?: number;
}

/**
 * Writes the features of a dataset through a processing entrypoint.
 * @param job what they are of
 * @param options cutoff, horizon, definition, output, threads
 * @returns where the panel lies, and its features
 */
export async function featuresJob(
  job: FeaturesJob,
  { cutoff, horizon, definition, output, threads }: FeaturesOptions,
): Promise<ForecastSummary & { readonly columns: readonly string[] }> {
  if (job.model !== null) modelPackage(job.model);
  const features = await process(job.model ?? STANDARD_FEATURES, job, 'features', [], {
    ...{ step: 'features', horizon, cutoff: cutoff === undefined ? undefined : formatWeek(cutoff) },
    ...{ features: definition === undefined ? undefined : resolve(definition), output, threads },
  });
  const summary = await summaryOf(output ?? features);
  const { files } = await readManifest(summary.directory);
  const first =
    files[0] === undefined ? null : await openParquetFile(`${summary.directory}/${files[0].file}`);
  const names = first?.schema.fields.map(({ name }) => name) ?? [];
  return { ...summary, columns: names.slice(PANEL_KEYS) };
}

async function summaryOf(directory: string): Promise<ForecastSummary> {
  const { files } = await readManifest(directory);
  const sum = (key: 'rows' | 'bytes'): number => files.reduce((total, file) => total + file[key], 0);
  return { directory, files: files.length, rows: sum('rows'), bytes: sum('bytes') };
}

/**
 * Scores a trained model on the weeks after a cutoff through the model's entrypoint.
 * @param job what to score
 * @param options attribute to score by as well, and whether the data may have another past than the model was trained on
 * @returns the scores
 */
export async function evaluateJob(
  job: ProcessJob,
  { segment, anyPast }: { readonly segment?: string; readonly anyPast?: boolean } = {},
): Promise<ScoreTable> {
  const evaluation = await processTrained(job, 'evaluation', {
    ...{ step: 'evaluate', cutoff: formatWeek(job.cutoff), horizon: job.horizon, segment },
    past: anyPast === true ? 'any' : undefined,
  });
  return JSON.parse(readFileSync(join(evaluation, 'metrics.json'), 'utf8')) as ScoreTable;
}

function processTrained(job: ProcessJob, output: string, step: StepParameters): Promise<string> {
  const { model, directory } = job.trained;
  modelPackage(model);
  return process(model, job, output, [{ name: 'model', uri: uriOf(directory) }], step);
}

/** @returns folder of the output */
async function process(
  model: string,
  job: LocalJob,
  output: string,
  inputs: readonly JobInput[],
  step: StepParameters,
): Promise<string> {
  const folder = join(job.root, 'processing', 'output', output);
  const request = processingRequest({
    ...settingsOf(job, model),
    arguments: stepArguments(step),
    inputs: [...localInputs(job), ...inputs],
    outputs: [{ name: output, uri: uriOf(folder) }],
  });
  await runJob(model, job, { kind: 'process', request });
  return folder;
}
