import { InvalidArgumentError, type Command } from 'commander';
import { monitor, MONITOR_DEFAULTS, type MonitorResult } from '@hemline/hemline';
import { stageMetric } from '@hemline/workflow';
import { COMMAND_EXIT_CODES } from '../terminal/exit-codes.ts';
import { monitorText } from '../terminal/monitor-text.ts';
import { printResult } from '../terminal/print.ts';
import { withBars } from '../terminal/with-bars.ts';
import { parseWhole, withData, withMlflow, type DataOptions, type MlflowOption } from './options.ts';
import type { RegistryOptions } from './registry-options.ts';

interface MonitorCommandOptions extends DataOptions, MlflowOption, RegistryOptions {
  readonly out?: string;
  readonly forecasts?: string;
  readonly weeks: number;
  readonly baseline: number;
  readonly history: number;
  readonly falseAlarms: number;
  readonly leastChange: number;
  readonly metrics?: string;
}

/**
 * Adds `hemline monitor`.
 * @param program to add to
 */
export function addMonitor(program: Command): void {
  withMlflow(withData(program.command('monitor')))
    .description(
      'score the demand forecasts that were in use against new sales, and look for drift in error and data',
    )
    .option('--out <dir>', 'home with the forecasts (default: HEMLINE_HOME)')
    .option('--forecasts <dir>', 'look for forecasts below this folder instead')
    .option('--registry <url>', 'where versions are registered (default: registry/ of the home)')
    .option(
      '--weeks <n>',
      'last known weeks that are judged together, at most',
      parseWhole,
      MONITOR_DEFAULTS.weeks,
    )
    .option(
      '--baseline <n>',
      'weeks before them that tell what to expect',
      parseWhole,
      MONITOR_DEFAULTS.baseline,
    )
    .option(
      '--history <n>',
      'weeks that are looked at in all, to learn what is usual',
      parseWhole,
      MONITOR_DEFAULTS.history,
    )
    .option(
      '--false-alarms <p>',
      'probability of finding anything where nothing is',
      parseShare,
      MONITOR_DEFAULTS.falseAlarms,
    )
    .option(
      '--least-change <x>',
      'least change that matters, a fraction',
      parseShare,
      MONITOR_DEFAULTS.leastChange,
    )
    .option('--metrics <stage>', 'print the metrics of the alarms of this stage on standard error')
    .action(async ({ out, metrics, json, ...options }: MonitorCommandOptions) => {
      const result = await withBars((told) => monitor({ ...options, home: out, ...told }));
      if (metrics !== undefined) tellMetrics(metrics, result);
      printResult(result, monitorText(result), json);
      if (result.found) process.exitCode = COMMAND_EXIT_CODES.drift;
    });
}

function tellMetrics(stage: string, { models }: MonitorResult): void {
  for (const { model, metrics, errorDrift } of models) {
    const about = { model };
    process.stderr.write(`${stageMetric(stage, 'ModelError', metrics['demandError']!, about)}\n`);
    if (errorDrift !== null) process.stderr.write(`${stageMetric(stage, 'ErrorDrift', errorDrift, about)}\n`);
  }
}

function parseShare(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('Expected a number between 0 and 1.');
  return value;
}
