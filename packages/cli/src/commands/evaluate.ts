import type { Command } from 'commander';
import type { Week } from '@hemline/core';
import { evaluate, type EvaluateResult } from '@hemline/hemline';
import { printResult } from '../terminal/print.ts';
import { drawTable } from '../terminal/table.ts';
import { withBars } from '../terminal/with-bars.ts';
import {
  parseWeekOption,
  parseWhole,
  withData,
  withMlflow,
  type DataOptions,
  type MlflowOption,
} from './options.ts';

interface EvaluateCommandOptions extends DataOptions, MlflowOption {
  readonly modelDir?: string;
  readonly anyPast?: boolean;
  readonly cutoff?: Week;
  readonly horizon?: number;
  readonly segment?: string;
}

/**
 * Adds `hemline evaluate MODEL`.
 * @param program to add to
 */
export function addEvaluate(program: Command): void {
  withMlflow(withData(program.command('evaluate')))
    .description('score a trained model on the weeks after its cutoff')
    .argument('<model>', 'name of a model')
    .option('--model-dir <dir>', 'folder of a trained model (default: the latest)')
    .option('--any-past', 'use the model also on data that has another past than it was trained on')
    .option(
      '--cutoff <week>',
      "last week known to the forecast, YYYY-MM-DD (default: the trained model's)",
      parseWeekOption,
    )
    .option('--horizon <weeks>', "weeks after it that are scored (default: the quantity's)", parseWhole)
    .option('--segment <column>', 'also score by this attribute of the items, such as market or group')
    .action(async (model: string, { json, ...options }: EvaluateCommandOptions) => {
      const result = await withBars((told) => evaluate(model, { ...options, ...told }));
      printResult(result, scoresToText(result), json);
    });
}

function scoresToText(scores: EvaluateResult): string {
  const metrics = Object.keys(scores.metrics);
  const cells = (values: Readonly<Record<string, number>>): (number | null)[] =>
    metrics.map((metric) => values[metric] ?? null);
  const rows: (string | number | null)[][] = [['all', scores.rows, ...cells(scores.metrics)]];
  for (const week of scores.byWeekAhead)
    rows.push([`week ${week.weekAhead}`, week.rows, ...cells(week.metrics)]);
  for (const segment of scores.bySegment)
    rows.push([`${segment.segment} ${segment.value}`, segment.rows, ...cells(segment.metrics)]);
  return drawTable(['of', 'rows', ...metrics], rows);
}
