import type { Command } from 'commander';
import type { Week } from '@hemline/core';
import { features } from '@hemline/hemline';
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

interface FeaturesCommandOptions extends DataOptions, MlflowOption {
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
    .action(async (model: string | undefined, { json, ...options }: FeaturesCommandOptions) => {
      const summary = await withBars((told) => features({ ...options, model, ...told }));
      printResult(
        summary,
        `${summary.columns.length} features of ${summary.rows.toLocaleString('en')} rows in ${summary.files} files: ${summary.directory}\n${summary.columns.map((column) => `  ${column}`).join('\n')}`,
        json,
      );
    });
}
