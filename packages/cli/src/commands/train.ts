import { join } from 'node:path';
import type { Command } from 'commander';
import { formatWeek, type Week } from '@hemline/core';
import { Home } from '../home.ts';
import { trainJob } from '../jobs/train-job.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printResult } from '../terminal/print.ts';
import { ProgressBars } from '../terminal/progress-bars.ts';
import { withPreset } from './backtest.ts';
import { openData, parseWeekOption, withData, withHyperparameters, type DataOptions } from './options.ts';

interface TrainOptions extends DataOptions {
  readonly cutoff?: Week;
  readonly set: Readonly<Record<string, string>>;
  readonly preset?: string;
  readonly seed: number;
}

/**
 * Adds `hemline train MODEL`.
 * @param program to add to
 */
export function addTrain(program: Command): void {
  withHyperparameters(withData(program.command('train')))
    .description("train a model through the container's own entrypoint; the result becomes its latest")
    .argument('<model>', 'name of a model')
    .option(
      '--cutoff <week>',
      'last week it may know, YYYY-MM-DD (default: the last known week of the data)',
      parseWeekOption,
    )
    .action(async (model: string, options: TrainOptions) => {
      const home = new Home();
      const { name: dataset } = await openData(options);
      const { run, directory } = home.newRun('train');
      const bars = new ProgressBars();
      const signal = interruptSignal();
      try {
        const cutoff: Record<string, string> =
          options.cutoff === undefined ? {} : { cutoff: formatWeek(options.cutoff) };
        const result = await trainJob({
          model,
          data: { directory: options.data, descriptor: options.descriptor },
          dataset,
          run,
          root: join(directory, model),
          hyperparameters: {
            ...withPreset(options.set, options.preset),
            ...cutoff,
            seed: String(options.seed),
          },
          signal,
          onProgress: (event) => bars.update(model, event),
        });
        home.remember(result.trained);
        bars.stop();
        printResult(
          { ...result.trained, metrics: result.metrics },
          `Trained ${model} up to ${result.trained.cutoff}: ${result.trained.directory}`,
          options.json,
        );
      } finally {
        bars.stop();
      }
    });
}
