import type { Command } from 'commander';
import type { Week } from '@hemline/core';
import { train } from '@hemline/hemline';
import { printResult } from '../terminal/print.ts';
import { withBars } from '../terminal/with-bars.ts';
import {
  parseWeekOption,
  withData,
  withHyperparameters,
  withMlflow,
  type DataOptions,
  type MlflowOption,
  type SetOptions,
} from './options.ts';

interface TrainCommandOptions extends DataOptions, MlflowOption, SetOptions {
  readonly cutoff?: Week;
  readonly seed: number;
}

/**
 * Adds `hemline train MODEL`.
 * @param program to add to
 */
export function addTrain(program: Command): void {
  withHyperparameters(withMlflow(withData(program.command('train'))))
    .description("train a model through the container's own entrypoint; the result becomes its latest")
    .argument('<model>', 'name of a model')
    .option(
      '--cutoff <week>',
      'last week it may know, YYYY-MM-DD (default: the last known week of the data)',
      parseWeekOption,
    )
    .action(async (model: string, { set, json, ...options }: TrainCommandOptions) => {
      const given = { ...options, hyperparameters: set };
      const trained = await withBars((told) => train(model, { ...given, ...told }));
      printResult(trained, `Trained ${model} up to ${trained.cutoff}: ${trained.directory}`, json);
    });
}
