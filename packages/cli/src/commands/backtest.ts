import type { Command } from 'commander';
import { checkCutoff, formatWeek, type Week } from '@hemline/core';
import { backtest, type BacktestResult } from '@hemline/evaluation';
import { parseHyperparameters } from '@hemline/runtime';
import { Home } from '@hemline/runs';
import { recordRun, type RecordedRun, loadModel } from '@hemline/hemline';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printResult } from '../terminal/print.ts';
import { ProgressBars } from '../terminal/progress-bars.ts';
import { drawTable } from '../terminal/table.ts';
import {
  openData,
  parseWeekList,
  parseWhole,
  parseWholeList,
  withData,
  withMlflow,
  withSet,
  type DataOptions,
  type MlflowOption,
} from './options.ts';

interface RunResult {
  readonly run: string;
  readonly result: BacktestResult;
}

interface BacktestCommandOptions extends DataOptions, MlflowOption {
  readonly cutoff: readonly Week[];
  readonly horizon: number;
  readonly set: Readonly<Record<string, string>>;
  readonly preset?: string;
  readonly seed: readonly number[];
  readonly segment?: string;
}

/**
 * Adds `hemline backtest MODEL`.
 * @param program to add to
 */
export function addBacktest(program: Command): void {
  withSet(withMlflow(withData(program.command('backtest'))))
    .description('score a model at past cutoffs: trained on what was known then, forecasting what came')
    .argument('<model>', 'name of a model')
    .requiredOption(
      '--cutoff <weeks>',
      'last known week of each test, YYYY-MM-DD, separated by commas',
      parseWeekList,
    )
    .option(
      '--seed <n,…>',
      'seeds; the model is trained with each, and the spread is told',
      parseWholeList,
      [1],
    )
    .option('--horizon <weeks>', 'weeks forecast after each cutoff', parseWhole, 8)
    .option('--segment <column>', 'also score by this attribute of the items, such as market or group')
    .action(async (name: string, options: BacktestCommandOptions) => {
      const model = await loadModel(name);
      const { hyperparameters } = parseHyperparameters(model, withPreset(options.set, options.preset));
      const dataset = await openData(options);
      const bars = new ProgressBars();
      const signal = interruptSignal();
      const { cutoff, horizon, segment, preset, set, seed, descriptor } = options;
      const test = async ({ run, step, recorder, watch }: RecordedRun): Promise<RunResult> => {
        await dataset.validate({
          signal,
          onProgress: (event) => bars.update('validate', event),
        });
        bars.end('validate');
        const lastWeek = await dataset.lastKnownWeek();
        for (const each of cutoff) checkCutoff(each, lastWeek);
        const result = await backtest(model, dataset.tables, {
          cutoffs: cutoff,
          horizon,
          hyperparameters,
          seeds: seed,
          segment,
          signal,
          onProgress: (event) => bars.update(name, event),
        });
        for (const each of result.cutoffs)
          await recorder.addMetrics(`${formatWeek(each.cutoff)} #${each.seed}`, {
            ...each.metrics,
            rows: each.rows,
          });
        await recorder.addMetrics(step, result.mean);
        watch.onMemory(process.resourceUsage().maxRSS * 1024);
        return { run, result };
      };
      try {
        const parameters = {
          ...{ cutoff: cutoff.map(formatWeek).join(), horizon, seed: seed.join(), segment, preset },
          descriptor,
        };
        const subject = { kind: 'backtest', model: name, dataset, parameters, set, mlflow: options.mlflow };
        const { run, result } = await recordRun(new Home(), subject, test);
        bars.stop();
        printResult({ run, ...toJson(result) }, toText(result), options.json);
      } finally {
        bars.stop();
      }
    });
}

/**
 * Puts a preset among the raw hyperparameters, where the runtime expects it.
 * @param set pairs of `--set`
 * @param preset of `--preset`
 * @returns all of them
 */
export function withPreset(
  set: Readonly<Record<string, string>>,
  preset: string | undefined,
): Record<string, string> {
  return preset === undefined ? { ...set } : { ...set, preset };
}

function toJson(result: BacktestResult): object {
  return {
    ...result,
    cutoffs: result.cutoffs.map(({ cutoff, rows, metrics, ...rest }) => ({
      cutoff: formatWeek(cutoff),
      ...metrics,
      rows,
      ...rest,
    })),
  };
}

function toText(result: BacktestResult): string {
  const metrics = Object.keys(result.mean);
  const severalSeeds = new Set(result.cutoffs.map(({ seed }) => seed)).size > 1;
  const rows = result.cutoffs.map((score) => [
    severalSeeds ? `${formatWeek(score.cutoff)} #${score.seed}` : formatWeek(score.cutoff),
    ...metrics.map((metric) => score.metrics[metric] ?? null),
    score.rows,
  ]);
  const mean = ['mean', ...metrics.map((metric) => result.mean[metric] ?? null), null];
  const spread = ['spread (sd)', ...metrics.map((metric) => result.spread[metric] ?? null), null];
  const ofSeeds = ['seeds (sd)', ...metrics.map((metric) => result.seedSpread[metric] ?? null), null];
  const last = severalSeeds ? [mean, spread, ofSeeds] : [mean, spread];
  const table = drawTable(['cutoff', ...metrics, 'rows'], [...rows, ...last]);
  return `${result.model}, ${result.horizon} weeks ahead\n${table}`;
}
