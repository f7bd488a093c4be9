import { renameSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import type { Command } from 'commander';
import {
  DEFAULT_DISCOUNTS,
  type QUANTITIES,
  formatWeek,
  parseDiscountGrid,
  type AnyModel,
} from '@hemline/core';
import { Home } from '../home.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printResult } from '../terminal/print.ts';
import { ProgressBars } from '../terminal/progress-bars.ts';
import { drawTable } from '../terminal/table.ts';
import { loadModel, modelPackages } from '../workspace.ts';
import { openData, parseWhole, withData, type DataOptions } from './options.ts';
import { runModel, type ModelOutcome } from './weekly-run.ts';

/** Exit code of a run whose forecasts are all there, though an earlier model gave some of them, or a score is missing. */
export const EXIT_FALLBACK = 3;
/** Exit code of a run that lacks a forecast. */
export const EXIT_INCOMPLETE = 4;

/** Options of `hemline run`. */
export interface RunOptions extends DataOptions {
  readonly models?: string;
  readonly horizon: number;
  readonly discounts: string;
  readonly seed: number;
  readonly jobs: number;
}

/** What a weekly run leaves in `run.json`. */
export interface RunReport {
  readonly run: string;
  readonly directory: string;
  readonly data: {
    readonly name: string;
    readonly directory: string;
    readonly fingerprint: string;
    readonly lastWeek: string;
  };
  readonly seconds: number;
  readonly models: readonly ModelOutcome[];
}

/**
 * Adds `hemline run`.
 * @param program to add to
 */
export function addRun(program: Command): void {
  withData(program.command('run'))
    .description('the weekly sequence: check the data, then for every model train, evaluate and forecast')
    .option('--models <names>', 'only these, separated by commas')
    .option('--horizon <weeks>', 'weeks ahead', parseWhole, 26)
    .option('--discounts <levels>', 'from:to:step or a list', DEFAULT_DISCOUNTS)
    .option('--seed <n>', 'seed of everything random', parseWhole, 1)
    .option(
      '--jobs <n>',
      'models worked on at the same time',
      parseWhole,
      Math.min(4, availableParallelism()),
    )
    .addHelpText(
      'after',
      `\nExit codes: 0 all well; ${EXIT_FALLBACK} all forecasts are there, but an earlier model gave some of them or a score is missing; ${EXIT_INCOMPLETE} a forecast is missing.`,
    )
    .action(async (options: RunOptions) => {
      await weeklyRun(options);
    });
}

/**
 * Runs the weekly sequence, prints the scores and the paths, and sets the exit code.
 * @param options as on the command line
 */
export async function weeklyRun(options: RunOptions): Promise<void> {
  const started = performance.now();
  parseDiscountGrid(options.discounts);
  const names =
    options.models?.split(',').map((name) => name.trim()) ?? modelPackages().map((each) => each.name);
  const models = await Promise.all(names.map(loadModel));
  const data = { directory: options.data, descriptor: options.descriptor };
  const dataset = await openData(options);
  const bars = new ProgressBars();
  const signal = interruptSignal();
  try {
    await dataset.validate({
      signal,
      onProgress: (event) => bars.update('check the data', event),
    });
    bars.end('check the data');
    const lastWeek = await dataset.lastKnownWeek();
    const home = new Home();
    const { run, directory } = home.newRun('weekly');
    const week = { ...options, home, run, directory, data, dataset: dataset.name, lastWeek, bars, signal };
    const outcomes = await inParallel(models, options.jobs, (model: AnyModel) => runModel(model, week));
    bars.stop();
    const report: RunReport = {
      run,
      directory,
      data: {
        name: dataset.name,
        directory: dataset.directory,
        fingerprint: dataset.fingerprint,
        lastWeek: formatWeek(lastWeek),
      },
      seconds: Math.round((performance.now() - started) / 100) / 10,
      models: outcomes,
    };
    writeReport(report);
    printResult(report, reportToText(report), options.json);
    process.exitCode = exitCodeOf(report);
  } finally {
    bars.stop();
  }
}

async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const i = next++;
      results[i] = await work(items[i]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}

function writeReport(report: RunReport): void {
  const file = join(report.directory, 'run.json');
  writeFileSync(`${file}.tmp`, `${JSON.stringify(report, null, 2)}\n`);
  renameSync(`${file}.tmp`, file);
}

function exitCodeOf(report: RunReport): number {
  if (report.models.some((each) => each.forecast === null)) return EXIT_INCOMPLETE;
  return report.models.some((each) => each.forecastBy?.run !== report.run || each.problems.length > 0)
    ? EXIT_FALLBACK
    : 0;
}

type Cell = string | number | null;

function reportToText(report: RunReport): string {
  const scores = report.models.flatMap(({ model, quantity, evaluation }): Cell[][] =>
    evaluation === null
      ? [[model, quantity, null, null, 'not scored', null]]
      : mainMetrics(quantity, evaluation.metrics).map(([metric, value], i) =>
          i === 0
            ? [model, quantity, evaluation.cutoff, evaluation.rows, metric, value]
            : ['', '', '', '', metric, value],
        ),
  );
  const forecasts = report.models.map(({ model, forecast, forecastBy }) => [
    model,
    forecast?.rows ?? null,
    forecastBy === null
      ? 'MISSING'
      : forecastBy.run === report.run
        ? 'this week'
        : `EARLIER MODEL (${forecastBy.cutoff})`,
    forecast === null ? null : relative('', forecast.directory),
  ]);
  const problems = report.models.flatMap(({ model, problems }) =>
    problems.map((problem) => `! ${model}: ${problem}`),
  );
  return [
    `Scores, each on the weeks after the cutoff that the model had not seen (last known week: ${report.data.lastWeek})`,
    drawTable(['model', 'quantity', 'cutoff', 'rows', 'metric', 'value'], scores),
    'Forecasts',
    drawTable(['model', 'rows', 'by', 'folder'], forecasts),
    ...problems,
    `${report.seconds} s; everything about this run: ${relative('', join(report.directory, 'run.json'))}`,
  ].join('\n');
}

function mainMetrics(
  quantity: keyof typeof QUANTITIES,
  metrics: Readonly<Record<string, number>>,
): [string, number][] {
  const wanted = quantity === 'demand' ? ['demandError', 'demandBias', 'wape'] : ['rmse', 'wape', 'bias'];
  return wanted.flatMap((name): [string, number][] =>
    metrics[name] === undefined ? [] : [[name, metrics[name]]],
  );
}
