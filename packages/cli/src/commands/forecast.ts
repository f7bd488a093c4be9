import { join } from 'node:path';
import type { Command } from 'commander';
import { DEFAULT_DISCOUNTS, parseWeek, type Week } from '@hemline/core';
import { Home } from '../home.ts';
import { forecastJob } from '../jobs/process-job.ts';
import { findTrained } from '../jobs/train-job.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printResult } from '../terminal/print.ts';
import { ProgressBars } from '../terminal/progress-bars.ts';
import { openData, parseWeekOption, parseWhole, withData, type DataOptions } from './options.ts';

interface ForecastOptions extends DataOptions {
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
  withData(program.command('forecast'))
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
      const home = new Home();
      const { name: dataset } = await openData(options);
      const trained = await findTrained(home, model, dataset, options.modelDir);
      const { run, directory } = home.newRun('forecast');
      const bars = new ProgressBars();
      const signal = interruptSignal();
      try {
        const summary = await forecastJob(
          {
            trained,
            data: { directory: options.data, descriptor: options.descriptor },
            run,
            root: join(directory, model),
            cutoff: options.cutoff ?? parseWeek(trained.cutoff),
            horizon: options.horizon,
            signal,
            onProgress: (event) => bars.update(model, event),
          },
          options,
        );
        bars.stop();
        printResult(
          { model, run, ...summary },
          `${summary.rows.toLocaleString('en')} ${options.curves === true ? 'curves' : 'forecasts'} in ${summary.files} files: ${summary.directory}`,
          options.json,
        );
      } finally {
        bars.stop();
      }
    });
}
