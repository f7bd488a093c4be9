import type { Command } from 'commander';
import { DEFAULT_DISCOUNTS, type Week } from '@hemline/core';
import { forecast } from '@hemline/hemline';
import { printResult } from '../terminal/print.ts';
import { withBars } from '../terminal/with-bars.ts';
import {
  parseWeekOption,
  parseWhole,
  withData,
  withMlflow,
  type DataOptions,
  type MlflowOption,
} from './options.ts';

interface ForecastCommandOptions extends DataOptions, MlflowOption {
  readonly modelDir?: string;
  readonly anyPast?: boolean;
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
    .option('--any-past', 'use the model also on data that has another past than it was trained on')
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
    .action(async (model: string, { json, ...options }: ForecastCommandOptions) => {
      const summary = await withBars((told) => forecast(model, { ...options, ...told }));
      printResult(
        summary,
        `${summary.rows.toLocaleString('en')} ${options.curves === true ? 'curves' : 'forecasts'} in ${summary.files} files: ${summary.directory}`,
        json,
      );
    });
}
