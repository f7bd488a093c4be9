import type { Command } from 'commander';
import { QUANTITIES, formatWeek, parseWeek, type Week } from '@hemline/core';
import type { ScoreTable } from '@hemline/evaluation';
import { Home } from '@hemline/runs';
import { evaluateJob, findTrained, recordRun, urlOf, type RecordedRun, loadModel } from '@hemline/hemline';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printResult } from '../terminal/print.ts';
import { ProgressBars } from '../terminal/progress-bars.ts';
import { drawTable } from '../terminal/table.ts';
import {
  openData,
  parseWeekOption,
  parseWhole,
  withData,
  withMlflow,
  type DataOptions,
  type MlflowOption,
} from './options.ts';

interface RunScores {
  readonly run: string;
  readonly scores: ScoreTable;
}

interface EvaluateOptions extends DataOptions, MlflowOption {
  readonly modelDir?: string;
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
    .option(
      '--cutoff <week>',
      "last week known to the forecast, YYYY-MM-DD (default: the trained model's)",
      parseWeekOption,
    )
    .option('--horizon <weeks>', "weeks after it that are scored (default: the quantity's)", parseWhole)
    .option('--segment <column>', 'also score by this attribute of the items, such as market or group')
    .action(async (model: string, options: EvaluateOptions) => {
      const home = new Home();
      const definition = await loadModel(model);
      const dataset = await openData(options);
      const trained = await findTrained(home, model, dataset.name, options.modelDir);
      const { segment, descriptor, modelDir } = options;
      const cutoff = options.cutoff ?? parseWeek(trained.cutoff);
      const horizon = options.horizon ?? QUANTITIES[definition.quantity].evaluationWeeks;
      const bars = new ProgressBars();
      const signal = interruptSignal();
      const evaluate = async ({ run, root, step, recorder, watch }: RecordedRun): Promise<RunScores> => {
        const artifact = urlOf(trained.directory);
        await recorder.addVersion({ step, model, role: 'scored', artifact, trainedBy: trained.run });
        const data = { directory: options.data, descriptor };
        const onProgress = bars.update.bind(bars, model);
        const job = { trained, data, run, root, cutoff, horizon, signal, ...watch, onProgress };
        const scores = await evaluateJob(job, segment);
        await recorder.addMetrics(step, scores.metrics);
        return { run, scores };
      };
      try {
        const parameters = { cutoff: formatWeek(cutoff), horizon, segment, descriptor, modelDir };
        const subject = { kind: 'evaluate', model, dataset, parameters, mlflow: options.mlflow };
        const { run, scores } = await recordRun(home, subject, evaluate);
        bars.stop();
        printResult(
          { model, run, cutoff: formatWeek(cutoff), horizon, ...scores },
          scoresToText(scores),
          options.json,
        );
      } finally {
        bars.stop();
      }
    });
}

function scoresToText(scores: ScoreTable): string {
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
