import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatWeek, type ProgressEvent, type Week } from '@hemline/core';
import type { ScoreTable } from '@hemline/evaluation';
import { openParquetFile, readManifest } from '@hemline/stores';
import type { TrainedModel } from '@hemline/runs';
import { fabricateProcessingRoot, type JobData } from './fabricate-root.ts';
import { runEntrypoint } from './run-entrypoint.ts';

const STANDARD_FEATURES = fileURLToPath(new URL('standard-features.ts', import.meta.url));
/** Article, market, week, lead time, observed, demand: the columns of every panel that are no features. */
const PANEL_KEYS = 6;

/** What a forecast and an evaluation have in common. */
export interface ProcessJob {
  readonly trained: TrainedModel;
  readonly data: JobData;
  readonly run: string;
  /** Folder of the job, new or from an interrupted run. */
  readonly root: string;
  readonly cutoff: Week;
  readonly horizon: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
  readonly onMetric?: (name: string, value: number) => void;
  readonly onMemory?: (peakBytes: number) => void;
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
  { discounts, curves, output, threads }: ForecastOptions,
): Promise<ForecastSummary> {
  const { forecast } = await processJob(job, 'forecast', 'forecast', [
    '--discounts',
    discounts,
    ...(curves === true ? ['--form', 'curves'] : []),
    ...(output === undefined ? [] : ['--output', output]),
    ...(threads === undefined ? [] : ['--threads', String(threads)]),
  ]);
  return summaryOf(output ?? forecast!);
}

/** A job that writes features. */
export type FeaturesJob = Omit<ProcessJob, 'trained' | 'cutoff' | 'horizon'> & {
  /** Null: the features that suit most demand. */
  readonly model: string | null;
};

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
  mkdirSync(job.root, { recursive: true });
  const outputs = fabricateProcessingRoot(job.root, { data: job.data, outputs: ['features'] });
  const optional = (name: string, value: string | undefined): string[] =>
    value === undefined ? [] : [name, value];
  await runEntrypoint({
    model: job.model ?? 'standard-features',
    ...(job.model === null ? { script: STANDARD_FEATURES } : {}),
    entrypoint: 'process',
    root: job.root,
    arguments: [
      ...['--step', 'features', '--horizon', String(horizon)],
      ...optional('--cutoff', cutoff === undefined ? undefined : formatWeek(cutoff)),
      ...optional('--features', definition === undefined ? undefined : resolve(definition)),
      ...optional('--output', output),
      ...optional('--threads', threads === undefined ? undefined : String(threads)),
    ],
    environment: { ...job.environment, HEMLINE_RUN_ID: job.run },
    signal: job.signal,
    onProgress: job.onProgress,
    onMetric: job.onMetric,
    onMemory: job.onMemory,
  });
  const summary = await summaryOf(output ?? outputs['features']!);
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
 * @param segment attribute to score by as well
 * @returns the scores
 */
export async function evaluateJob(job: ProcessJob, segment?: string): Promise<ScoreTable> {
  const { evaluation } = await processJob(
    job,
    'evaluate',
    'evaluation',
    segment === undefined ? [] : ['--segment', segment],
  );
  return JSON.parse(readFileSync(join(evaluation!, 'metrics.json'), 'utf8')) as ScoreTable;
}

async function processJob(
  job: ProcessJob,
  step: string,
  output: string,
  more: readonly string[],
): Promise<Record<string, string>> {
  mkdirSync(job.root, { recursive: true });
  const outputs = fabricateProcessingRoot(job.root, {
    data: job.data,
    model: job.trained.directory,
    outputs: [output],
  });
  await runEntrypoint({
    model: job.trained.model,
    entrypoint: 'process',
    root: job.root,
    arguments: [
      '--step',
      step,
      '--cutoff',
      formatWeek(job.cutoff),
      '--horizon',
      String(job.horizon),
      ...more,
    ],
    environment: { ...job.environment, HEMLINE_RUN_ID: job.run },
    signal: job.signal,
    onProgress: job.onProgress,
    onMetric: job.onMetric,
    onMemory: job.onMemory,
  });
  return outputs;
}
