import type { Command } from 'commander';
import { formatWeek, type Week } from '@hemline/core';
import { Home } from '@hemline/runs';
import { trainJob, recordRun, urlOf, type RecordedRun, modelPackage } from '@hemline/hemline';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printResult } from '../terminal/print.ts';
import { ProgressBars } from '../terminal/progress-bars.ts';
import { withPreset } from './backtest.ts';
import {
  openData,
  parseWeekOption,
  withData,
  withHyperparameters,
  withMlflow,
  type DataOptions,
  type MlflowOption,
} from './options.ts';

type TrainingResult = Awaited<ReturnType<typeof trainJob>>;

interface TrainOptions extends DataOptions, MlflowOption {
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
  withHyperparameters(withMlflow(withData(program.command('train'))))
    .description("train a model through the container's own entrypoint; the result becomes its latest")
    .argument('<model>', 'name of a model')
    .option(
      '--cutoff <week>',
      'last week it may know, YYYY-MM-DD (default: the last known week of the data)',
      parseWeekOption,
    )
    .action(async (model: string, options: TrainOptions) => {
      // A misspelt name is told before the data is looked at.
      modelPackage(model);
      const home = new Home();
      const dataset = await openData(options);
      const bars = new ProgressBars();
      const signal = interruptSignal();
      const { preset, seed, set, descriptor } = options;
      const cutoff = options.cutoff === undefined ? undefined : formatWeek(options.cutoff);
      const train = async ({ run, root, step, recorder, watch }: RecordedRun): Promise<TrainingResult> => {
        const result = await trainJob({
          model,
          data: { directory: options.data, descriptor },
          dataset: dataset.name,
          run,
          root,
          hyperparameters: {
            ...withPreset(set, preset),
            ...(cutoff === undefined ? {} : { cutoff }),
            seed: String(seed),
          },
          signal,
          ...watch,
          onProgress: (event) => {
            bars.update(model, event);
            watch.onProgress(event);
          },
        });
        const { trained, metrics } = result;
        await recorder.addParameters({ cutoff: trained.cutoff });
        await recorder.addMetrics(step, metrics);
        const artifact = urlOf(trained.directory);
        await recorder.addVersion({ step, model, role: 'trained', artifact, trainedBy: run });
        home.remember(trained);
        return result;
      };
      try {
        const parameters = { cutoff, seed, preset, descriptor };
        const result = await recordRun(
          home,
          { kind: 'train', model, dataset, parameters, set, mlflow: options.mlflow },
          train,
        );
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
