import { Argument, type Command } from 'commander';
import { DEFAULT_DISCOUNTS } from '@hemline/core';
import { jobsOfMachine, watch, type WorkflowName } from '@hemline/hemline';
import { EXIT_CODES } from '@hemline/sagemaker';
import { errorJson } from '../terminal/error-json.ts';
import { withStepTree } from '../terminal/step-tree.ts';
import { parseNames, parseShare, parseWhole, withMlflow, type MlflowOption } from './options.ts';
import { printRun, refuseIdleDecisions, setRunExitCode } from './run.ts';

interface WatchCommandOptions extends MlflowOption {
  readonly workflow: WorkflowName;
  readonly out?: string;
  readonly models?: readonly string[];
  readonly horizon: number;
  readonly discounts: string;
  readonly limits?: string;
  readonly decisions?: string;
  readonly ignoreOverrides?: boolean;
  readonly explore?: number;
  readonly seed: number;
  readonly jobs: number;
  readonly interval: number;
  readonly once?: boolean;
  readonly requirements: boolean;
  readonly json?: boolean;
}

/**
 * Adds `hemline watch DIR`.
 * @param program to add to
 */
export function addWatch(program: Command): void {
  withMlflow(program.command('watch'))
    .description('run a workflow for every folder of data that arrives, once it holds _SUCCESS')
    .addArgument(new Argument('<dir>', 'folder below which data arrives'))
    .option('--workflow <name>', 'what to run: weekly, training or inference', 'weekly')
    .option('--out <dir>', 'folder for runs, models and forecasts (default: HEMLINE_HOME, else .hemline)')
    .option('--models <names>', 'only these, separated by commas', parseNames)
    .option('--horizon <weeks>', 'weeks ahead', parseWhole, 26)
    .option('--discounts <levels>', 'from:to:step or a list', DEFAULT_DISCOUNTS)
    .option('--limits <file>', 'limits of prices, YAML or JSON')
    .option('--explore <share>', 'explore prices of so many of the articles (5%, or 0.05)', parseShare)
    .option('--decisions <place>', 'folder or s3://bucket/prefix of the decisions whose manual prices stand')
    .option('--ignore-overrides', 'leave prices out of account that people have fixed')
    .option('--seed <n>', 'seed of everything random', parseWhole, 1)
    .option('--jobs <n>', 'jobs at the same time', parseWhole, jobsOfMachine())
    .option('--interval <seconds>', 'time between two looks', parseWhole, 10)
    .option('--once', 'end after the arrivals that are there now')
    .option('--json', 'print a line of JSON for every arrival: its name, and its report or its error')
    .option('--no-requirements', 'approve every version that was scored, for experiments')
    .action(watchArrivals);
}

async function watchArrivals(
  dir: string,
  { out, json, ...options }: WatchCommandOptions,
  command: Command,
): Promise<void> {
  refuseIdleDecisions(options, command);
  let worst = 0;
  await withStepTree((told, tree) =>
    watch(dir, {
      ...{ ...options, ...told, home: out },
      onArrival: (name) => {
        tree.begin();
        process.stderr.write(`${name} has arrived\n`);
      },
      onReport: (name, report) => {
        tree.stop();
        if (json === true) {
          printLine({ arrival: name, report });
          setRunExitCode(report);
        } else printRun(report, false);
        worst = Math.max(worst, Number(process.exitCode ?? 0));
      },
      onRefused: (name, error) => {
        tree.stop();
        if (json === true) printLine({ arrival: name, error: errorJson(error) });
        process.stderr.write(`${name}: ${error.message}\n`);
        worst = Math.max(worst, EXIT_CODES.input);
      },
    }),
  );
  process.exitCode = worst;
}

function printLine(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
