import { createHash } from 'node:crypto';
import type { Command } from 'commander';
import { DEFAULT_DISCOUNTS, formatWeek, parseWeek, type Week } from '@hemline/core';
import { readManifest } from '@hemline/stores';
import { Home } from '@hemline/runs';
import {
  forecastJob,
  type ForecastSummary,
  findTrained,
  recordRun,
  urlOf,
  type RecordedRun,
  modelPackage,
} from '@hemline/hemline';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printResult } from '../terminal/print.ts';
import { ProgressBars } from '../terminal/progress-bars.ts';
import {
  openData,
  parseWeekOption,
  parseWhole,
  withData,
  withMlflow,
  type DataOptions,
  type MlflowOption,
} from './options.ts';

type RunSummary = ForecastSummary & { readonly run: string };

interface ForecastOptions extends DataOptions, MlflowOption {
  readonly modelDir?: string;
  readonly cutoff?: Week;
  readonly horizon: number;
  readonly discounts: string;
  readonly curves?: boolean;
  readonly output?: string;
  readonly threads?: number;
}

/**
 * Adds `hemline forecast MODEL`.
 * @param program to add to
 */
export function addForecast(program: Command): void {
  withMlflow(withData(program.command('forecast')))
    .description("forecast every item through the container's own entrypoint")
    .argument('<model>', 'name of a model')
    .option('--model-dir <dir>', 'folder of a trained model (default: the latest)')
    .option('--cutoff <week>', "last known week, YYYY-MM-DD (default: the trained model's)", parseWeekOption)
    .option('--horizon <weeks>', 'weeks ahead', parseWhole, 26)
    .option('--discounts <levels>', 'from:to:step or a list', DEFAULT_DISCOUNTS)
    .option(
      '--curves',
      'one row for each item and week with the coefficients of its demand curve, of models that have curves, in the place of one for each discount',
    )
    .option(
      '--output <url>',
      'folder or s3://bucket/prefix to write to, one for each run (default: a folder of the run)',
    )
    .option(
      '--threads <n>',
      'threads that partitions are spread over (default: HEMLINE_THREADS, else one a core, or 1 for a model with an engine)',
      parseWhole,
    )
    .action(async (model: string, options: ForecastOptions) => {
      // A misspelt name is told before the data is looked at.
      modelPackage(model);
      const home = new Home();
      const dataset = await openData(options);
      const trained = await findTrained(home, model, dataset.name, options.modelDir);
      const bars = new ProgressBars();
      const signal = interruptSignal();
      const cutoff = options.cutoff ?? parseWeek(trained.cutoff);
      const { horizon, discounts, output, threads, descriptor } = options;
      const forecast = async ({ run, root, step, recorder, watch }: RecordedRun): Promise<RunSummary> => {
        const artifact = urlOf(trained.directory);
        await recorder.addVersion({ step, model, role: 'forecast', artifact, trainedBy: trained.run });
        const data = { directory: options.data, descriptor };
        const onProgress = bars.update.bind(bars, model);
        const job = { trained, data, run, root, cutoff, horizon, signal, ...watch, onProgress };
        const summary = await forecastJob(job, options);
        const { directory, files, rows, bytes } = summary;
        const fingerprint = await fingerprintOf(directory);
        const url = urlOf(directory);
        await recorder.addOutput({ step, name: 'forecast', url, files, rows, bytes, fingerprint });
        return { run, ...summary };
      };
      try {
        const parameters = {
          ...{ cutoff: formatWeek(cutoff), horizon, discounts, output, threads, descriptor },
          ...{ form: options.curves === true ? 'curves' : 'grid' },
          modelDir: options.modelDir,
        };
        const subject = { kind: 'forecast', model, dataset, parameters, mlflow: options.mlflow };
        const summary = await recordRun(home, subject, forecast);
        bars.stop();
        printResult(
          { model, ...summary },
          `${summary.rows.toLocaleString('en')} ${options.curves === true ? 'curves' : 'forecasts'} in ${summary.files} files: ${summary.directory}`,
          options.json,
        );
      } finally {
        bars.stop();
      }
    });
}

/** Of all files with their checksums: the same forecasts have the same. */
async function fingerprintOf(directory: string): Promise<string> {
  const { files } = await readManifest(directory);
  const contents = files.map(({ file, sha256 }) => [file, sha256]);
  return createHash('sha256').update(JSON.stringify(contents)).digest('hex');
}
