import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatWeek, type ProgressEvent, type Week } from '@hemline/core';
import type { ScoreTable } from '@hemline/evaluation';
import type { TrainedModel } from '../home.ts';
import { fabricateProcessingRoot, type JobData } from './fabricate-root.ts';
import { runEntrypoint } from './run-entrypoint.ts';

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
}

/** Rows, bytes and files of a forecast, from its manifest. */
export interface ForecastSummary {
  readonly directory: string;
  readonly files: number;
  readonly rows: number;
  readonly bytes: number;
}

/**
 * Forecasts a dataset through the model's entrypoint.
 * @param job what to forecast
 * @param discounts grid of levels, as text
 * @returns where the forecasts lie
 */
export async function forecastJob(job: ProcessJob, discounts: string): Promise<ForecastSummary> {
  const { forecast } = await processJob(job, 'forecast', 'forecast', ['--discounts', discounts]);
  const manifest = JSON.parse(readFileSync(join(forecast!, 'manifest.json'), 'utf8')) as {
    files: { rows: number; bytes: number }[];
  };
  const sum = (key: 'rows' | 'bytes'): number => manifest.files.reduce((total, file) => total + file[key], 0);
  return { directory: forecast!, files: manifest.files.length, rows: sum('rows'), bytes: sum('bytes') };
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
  });
  return outputs;
}
