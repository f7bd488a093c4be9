import { Argument, Option, type Command } from 'commander';
import { DEFAULT_DISCOUNTS, type Week } from '@hemline/core';
import {
  jobsOfMachine,
  planWorkflow,
  runWorkflow,
  WORKFLOW_NAMES,
  type RunReport,
  type WorkflowName,
  type WorkflowOptions,
} from '@hemline/hemline';
import { COMMAND_EXIT_CODES } from '../terminal/exit-codes.ts';
import { printResult } from '../terminal/print.ts';
import { reportToText } from '../terminal/run-report-text.ts';
import { withStepTree } from '../terminal/step-tree.ts';
import {
  collectSetting,
  parseNames,
  parseShare,
  parseWeekList,
  parseWhole,
  withData,
  withMlflow,
  type DataOptions,
  type MlflowOption,
  type ModelSettings,
} from './options.ts';

interface RunCommandOptions extends DataOptions, MlflowOption {
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
  readonly hosts: number;
  readonly engine: WorkflowOptions['engine'];
  readonly cutoff?: readonly Week[];
  readonly set: ModelSettings;
  readonly runId?: string;
  readonly requirements: boolean;
  readonly dryRun?: boolean;
}

/**
 * Adds `hemline run`.
 * @param program to add to
 */
export function addRun(program: Command): void {
  withMlflow(withData(program.command('run')))
    .description(
      'run a workflow through the state machine that AWS would run; one that was interrupted goes on',
    )
    .addArgument(new Argument('[workflow]', 'which').choices(WORKFLOW_NAMES).default('weekly'))
    .option('--out <dir>', 'folder for runs, models and forecasts (default: HEMLINE_HOME, else .hemline)')
    .option('--models <names>', 'only these, separated by commas', parseNames)
    .option(
      '--horizon <weeks>',
      'weeks ahead that are forecast; evaluations hold out as many as the model declares',
      parseWhole,
      26,
    )
    .option('--discounts <levels>', 'from:to:step or a list', DEFAULT_DISCOUNTS)
    .option(
      '--limits <file>',
      'limits of prices, YAML or JSON (packages/pricing/README.md); its forecasts are priced within them',
    )
    .option(
      '--explore <share>',
      'draw the discounts of the first week by lot around the plan, of so many of the articles at most, as hemline price does (5%, or 0.05; default: none)',
      parseShare,
    )
    .option(
      '--decisions <place>',
      'folder or s3://bucket/prefix of the decisions whose manual prices stand (default: decisions/ of the home)',
    )
    .option('--ignore-overrides', 'leave prices out of account that people have fixed (hemline decisions)')
    .option('--seed <n>', 'seed of everything random', parseWhole, 1)
    .option('--cutoff <weeks>', 'backtest: last known weeks, YYYY-MM-DD, separated by commas', parseWeekList)
    .option(
      '--set <model.name=value>',
      'hyperparameter of a model in place of its default; may be given several times',
      collectSetting,
      {},
    )
    .option(
      '--jobs <n>',
      'jobs at the same time (default: what cores and memory bear)',
      parseWhole,
      jobsOfMachine(),
    )
    .option(
      '--hosts <n>',
      'hosts that a forecast is spread over, as its declaration would have it in AWS',
      parseWhole,
      1,
    )
    .addOption(
      new Option('--engine <name>', 'what runs a job')
        .choices(['process', 'docker', 'buildah'])
        .default('process'),
    )
    .option('--run-id <name>', 'name of the run, if it is a new one')
    .option('--no-requirements', 'approve every version that was scored, for experiments')
    .option('--dry-run', 'print the plan, and do nothing')
    .addHelpText(
      'after',
      `\nExit codes: 0 all well; 3 all forecasts are there, but an earlier version made some of them or one is old; 4 something is missing: forecasts, or recommendations alone.`,
    )
    .action(
      async (
        workflow: WorkflowName,
        { out, cutoff, set, dryRun, json, ...options }: RunCommandOptions,
        command: Command,
      ) => {
        refuseIdleDecisions(options, command);
        const given = { ...options, home: out, cutoffs: cutoff, hyperparameters: set };
        if (dryRun === true) {
          const { models, text } = await planWorkflow(workflow, given);
          printResult({ workflow, models }, text, json);
          return;
        }
        printRun(await withStepTree((told) => runWorkflow(workflow, { ...given, ...told })), json);
      },
    );
}

/**
 * @param given options of a command that prices
 * @param given.decisions place of decisions
 * @param given.ignoreOverrides whether they are left out of account
 * @param command that is ended where one of them would do nothing
 */
export function refuseIdleDecisions(
  given: { readonly decisions?: string; readonly ignoreOverrides?: boolean },
  command: Command,
): void {
  if (given.ignoreOverrides === true && given.decisions !== undefined)
    command.error(
      "error: options '--decisions <place>' and '--ignore-overrides': decisions are read or are not",
    );
}

/**
 * Prints what came of a run, and sets the exit code.
 * @param report of the run
 * @param json whether for machines
 */
export function printRun(report: RunReport, json: boolean | undefined): void {
  printResult(report, reportToText(report), json);
  setRunExitCode(report);
}

/** @param report of a run, which the exit code is to tell of */
export function setRunExitCode(report: RunReport): void {
  const { fallback, incomplete } = COMMAND_EXIT_CODES;
  process.exitCode = { complete: 0, fallback, incomplete }[report.status];
}
