import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { HemlineError, formatWeek, type Week } from '@hemline/core';
import { Home } from '@hemline/runs';
import { featuresJob, recordRun, urlOf, type RecordedRun, type RunSubject } from '@hemline/hemline';
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

type RunSummary = Awaited<ReturnType<typeof featuresJob>> & { readonly run: string };

interface FeaturesOptions extends DataOptions, MlflowOption {
  readonly cutoff?: Week;
  readonly horizon: number;
  readonly definition?: string;
  readonly output?: string;
  readonly threads?: number;
}

/**
 * Adds `hemline features [MODEL]`.
 * @param program to add to
 */
export function addFeatures(program: Command): void {
  withMlflow(withData(program.command('features')))
    .description("write a model's features as a Parquet panel, with their definition beside it")
    .argument('[model]', 'a model that declares features (default: features that suit most demand)')
    .option('--definition <file>', 'features as JSON, in place of those of the model')
    .option(
      '--cutoff <week>',
      'last known week, YYYY-MM-DD (default: the last one with a demand)',
      parseWeekOption,
    )
    .option('--horizon <weeks>', 'planned weeks after it, at most', parseWhole, 26)
    .option('--output <url>', 'folder or s3://bucket/prefix to write to (default: a folder of the run)')
    .option('--threads <n>', 'threads that partitions are spread over (default: one a core)', parseWhole)
    .action(async (model: string | undefined, options: FeaturesOptions) => {
      const dataset = await identify(options);
      const bars = new ProgressBars();
      const name = model ?? 'standard-features';
      const { horizon, definition, output, threads, descriptor } = options;
      const write = async ({ run, root, step, recorder, watch }: RecordedRun): Promise<RunSummary> => {
        const summary = await featuresJob(
          {
            model: model ?? null,
            data: { directory: options.data, descriptor },
            run,
            root,
            signal: interruptSignal(),
            ...watch,
            onProgress: (event) => bars.update(name, event),
          },
          options,
        );
        const { directory, files, rows, bytes } = summary;
        await recorder.addOutput({ step, name: 'features', url: urlOf(directory), files, rows, bytes });
        return { run, ...summary };
      };
      try {
        const cutoff = options.cutoff === undefined ? undefined : formatWeek(options.cutoff);
        const parameters = { cutoff, horizon, definition, output, threads, descriptor };
        const subject = { kind: 'features', model: name, dataset, parameters, mlflow: options.mlflow };
        const summary = await recordRun(new Home(), subject, write);
        bars.stop();
        printResult(
          { features: name, ...summary },
          `${summary.columns.length} features of ${summary.rows.toLocaleString('en')} rows in ${summary.files} files: ${summary.directory}\n${summary.columns.map((column) => `  ${column}`).join('\n')}`,
          options.json,
        );
      } finally {
        bars.stop();
      }
    });
}

/** Data that is partitioned by week opens only once the job has written it anew: then its fingerprint is not known here. */
async function identify(options: DataOptions): Promise<RunSubject['dataset']> {
  try {
    return await openData(options);
  } catch (error) {
    if (!(error instanceof HemlineError)) throw error;
    const directory = resolve(options.data);
    return { name: basename(directory), directory, fingerprint: null };
  }
}
