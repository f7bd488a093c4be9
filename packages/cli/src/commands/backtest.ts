import type { Command } from 'commander';
import { formatWeek, type Week } from '@hemline/core';
import { backtest, type BacktestResult } from '@hemline/hemline';
import { printResult } from '../terminal/print.ts';
import { drawTable } from '../terminal/table.ts';
import { withBars } from '../terminal/with-bars.ts';
import {
  parseWeekList,
  parseWhole,
  parseWholeList,
  withData,
  withMlflow,
  withSet,
  type DataOptions,
  type MlflowOption,
  type SetOptions,
} from './options.ts';

interface BacktestCommandOptions extends DataOptions, MlflowOption, SetOptions {
  readonly cutoff: readonly Week[];
  readonly horizon: number;
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
    .action(async (model: string, { cutoff, seed, set, json, ...options }: BacktestCommandOptions) => {
      const given = { ...options, cutoffs: cutoff, seeds: seed, hyperparameters: set };
      const result = await withBars((told) => backtest(model, { ...given, ...told }));
      printResult(toJson(result), toText(result), json);
    });
}

function toJson({ run, ...result }: BacktestResult): object {
  return {
    run,
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
  // A single fit has neither a mean of its own nor a deviation.
  const several = rows.length > 1 ? [mean] : [];
  const last = [
    ...several,
    ...(new Set(result.cutoffs.map(({ cutoff }) => cutoff)).size > 1 ? [spread] : []),
    ...(severalSeeds ? [ofSeeds] : []),
  ];
  const table = drawTable(['cutoff', ...metrics, 'rows'], [...rows, ...last]);
  return [`${result.model}, ${result.horizon} weeks ahead`, table, ...coverageByWeek(result)].join('\n');
}

/** Of models with quantiles: shares of the rows of a week ahead that they cover, the means over all fits. */
function coverageByWeek({ cutoffs, mean }: BacktestResult): string[] {
  const metrics = Object.keys(mean).filter((metric) => metric.startsWith('coverage'));
  if (metrics.length === 0) return [];
  const weeks = Map.groupBy(
    cutoffs.flatMap(({ byWeekAhead }) => byWeekAhead),
    ({ weekAhead }) => weekAhead,
  );
  const meanOf = (parts: BacktestResult['cutoffs'][number]['byWeekAhead'], metric: string): number =>
    parts.reduce((sum, part) => sum + part.metrics[metric]!, 0) / parts.length;
  const rows = [...weeks]
    .toSorted(([a], [b]) => a - b)
    .map(([week, parts]) => [week, ...metrics.map((metric) => meanOf(parts, metric))]);
  return ['Rows at or below each quantile, by week ahead', drawTable(['week', ...metrics], rows)];
}
