import { InvalidArgumentError, Option, type Command } from 'commander';
import { monitor, MONITOR_DEFAULTS, type MonitorOptions, type MonitorResult } from '@hemline/hemline';
import { stageMetric } from '@hemline/workflow';
import { COMMAND_EXIT_CODES } from '../terminal/exit-codes.ts';
import { monitorText } from '../terminal/monitor-text.ts';
import { printResult } from '../terminal/print.ts';
import { withBars } from '../terminal/with-bars.ts';
import {
  collectPair,
  parseWhole,
  withData,
  withMlflow,
  type DataOptions,
  type MlflowOption,
} from './options.ts';
import type { RegistryOptions } from './registry-options.ts';

type MonitorLimits = NonNullable<MonitorOptions['limits']>;

interface MonitorCommandOptions extends DataOptions, MlflowOption, RegistryOptions {
  readonly out?: string;
  readonly forecasts?: string;
  readonly weeks: number;
  readonly baseline: number;
  readonly history: number;
  readonly falseAlarms: number;
  readonly leastChange: number;
  readonly limit: MonitorLimits;
  readonly metrics?: string;
}

const LIMIT_NAMES = Object.keys(MONITOR_DEFAULTS.limits);
const LIMITS = Object.entries(MONITOR_DEFAULTS.limits)
  .map(([name, value]) => `${name}=${value}`)
  .join(', ');

/**
 * Adds `hemline monitor`.
 * @param program to add to
 */
export function addMonitor(program: Command): void {
  withMlflow(withData(program.command('monitor')))
    .description(
      'score the demand forecasts that were in use against new sales, look for drift in error and data, and tell what the decisions of these weeks earned',
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
      'probability that a family of tests finds anything where nothing is; of the groups twice as much',
      parseShare,
      MONITOR_DEFAULTS.falseAlarms,
    )
    .option(
      '--least-change <x>',
      'least change that matters, a fraction',
      parseShare,
      MONITOR_DEFAULTS.leastChange,
    )
    .addOption(
      new Option(
        '--limit <name=value>',
        `beyond which forecasts are plainly wrong; may be given several times (${LIMITS})`,
      )
        .argParser(collectLimit)
        .default({}, 'those in brackets'),
    )
    .option('--metrics <stage>', 'print the metrics of the alarms of this stage on standard error')
    .action(async ({ out, metrics, limit, json, ...options }: MonitorCommandOptions) => {
      const result = await withBars((told) => monitor({ ...options, limits: limit, home: out, ...told }));
      if (metrics !== undefined) tellMetrics(metrics, result);
      printResult(result, monitorText(result), json);
      if (result.found || result.beyondLimits.length > 0) process.exitCode = COMMAND_EXIT_CODES.drift;
    });
}

function tellMetrics(stage: string, { models }: MonitorResult): void {
  for (const { model, metrics, errorDrift } of models) {
    const about = { model };
    process.stderr.write(`${stageMetric(stage, 'ModelError', metrics['demandError']!, about)}\n`);
    if (errorDrift !== null) process.stderr.write(`${stageMetric(stage, 'ErrorDrift', errorDrift, about)}\n`);
  }
}

/** Collects `--limit name=value`. */
function collectLimit(text: string, before: MonitorLimits): MonitorLimits {
  const [[name, typed]] = Object.entries(collectPair(text, {})) as [[string, string]];
  if (!Object.hasOwn(MONITOR_DEFAULTS.limits, name))
    throw new InvalidArgumentError(`There is no limit ${name}; expected one of ${LIMIT_NAMES.join(', ')}.`);
  const value = Number(typed);
  if (!(value > 0 && value < Infinity)) throw new InvalidArgumentError('Expected a number above 0.');
  return { ...before, [name]: value };
}

function parseShare(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('Expected a number between 0 and 1.');
  return value;
}
