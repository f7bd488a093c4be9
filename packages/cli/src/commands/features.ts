import { join } from 'node:path';
import type { Command } from 'commander';
import type { Week } from '@hemline/core';
import { Home } from '../home.ts';
import { featuresJob } from '../jobs/process-job.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printResult } from '../terminal/print.ts';
import { ProgressBars } from '../terminal/progress-bars.ts';
import { parseWeekOption, parseWhole, withData, type DataOptions } from './options.ts';

interface FeaturesOptions extends DataOptions {
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
  withData(program.command('features'))
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
      const { run, directory } = new Home().newRun('features');
      const bars = new ProgressBars();
      const name = model ?? 'standard-features';
      try {
        const summary = await featuresJob(
          {
            model: model ?? null,
            data: { directory: options.data, descriptor: options.descriptor },
            run,
            root: join(directory, name),
            signal: interruptSignal(),
            onProgress: (event) => bars.update(name, event),
          },
          options,
        );
        bars.stop();
        printResult(
          { features: name, run, ...summary },
          `${summary.columns.length} features of ${summary.rows.toLocaleString('en')} rows in ${summary.files} files: ${summary.directory}\n${summary.columns.map((column) => `  ${column}`).join('\n')}`,
          options.json,
        );
      } finally {
        bars.stop();
      }
    });
}
