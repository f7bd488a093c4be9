import { availableParallelism, freemem } from 'node:os';
import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { DEFAULT_DISCOUNTS, parseDiscountGrid, type Week } from '@hemline/core';
import {
  parseWeekList,
  parseWhole,
  withData,
  withMlflow,
  type DataOptions,
  type MlflowOption,
} from './options.ts';

/** Workflows that a person starts. */
const NAMES = ['weekly', 'training', 'inference', 'backtest'] as const;
/** Memory that a job is counted with. */
const JOB_BYTES = 1.5 * 2 ** 30;

/** Options of `hemline run`. */
export interface RunOptions extends DataOptions, MlflowOption {
  readonly out?: string;
  readonly models?: string;
  readonly horizon: number;
  readonly discounts: string;
  readonly seed: number;
  readonly jobs: number;
  readonly hosts?: number;
  readonly engine?: 'process' | 'docker' | 'buildah';
  readonly cutoff?: readonly Week[];
  readonly set?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly runId?: string;
  /** False: every version that was scored is approved. */
  readonly requirements?: boolean;
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
    .addArgument(new Argument('[workflow]', 'which').choices(NAMES).default('weekly'))
    .option('--out <dir>', 'folder for runs, models and forecasts (default: HEMLINE_HOME, else .hemline)')
    .option('--models <names>', 'only these, separated by commas')
    .option(
      '--horizon <weeks>',
      'weeks ahead that are forecast; evaluations hold out as many as the model declares',
      parseWhole,
      26,
    )
    .option('--discounts <levels>', 'from:to:step or a list', DEFAULT_DISCOUNTS)
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
      `\nExit codes: 0 all well; 3 all forecasts are there, but an earlier version made some of them or one is old; 4 something is missing.`,
    )
    .action(async (workflow: string, options: RunOptions) => {
      parseDiscountGrid(options.discounts);
      // The CDK takes a while to load: only those who need it wait.
      const { runWorkflow } = await import('../workflow/run-workflow.ts');
      await runWorkflow(workflow, options);
    });
}

/**
 * @returns jobs that cores and free memory of this machine bear at once
 */
export function jobsOfMachine(): number {
  return Math.max(1, Math.min(4, availableParallelism(), Math.floor(freemem() / JOB_BYTES)));
}

type Settings = Record<string, Record<string, string>>;

function collectSetting(text: string, before: Settings): Settings {
  const [, model, name, value] = /^([a-z0-9-]+)\.([^=]+)=(.*)$/.exec(text) ?? [];
  if (model === undefined || name === undefined || value === undefined)
    throw new InvalidArgumentError('Expected model.name=value.');
  return { ...before, [model]: { ...before[model], [name]: value } };
}
