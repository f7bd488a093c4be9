import type { Command } from 'commander';
import { ConfigurationError } from '@hemline/core';
import {
  experiment,
  experimentOutcome,
  promote,
  type ExperimentOptions,
  type JobOptions,
} from '@hemline/hemline';
import { COMMAND_EXIT_CODES } from '../terminal/exit-codes.ts';
import { printResult } from '../terminal/print.ts';
import { rankingText } from '../terminal/ranking-text.ts';
import { withBars } from '../terminal/with-bars.ts';
import { withFollow, withJobs } from './launch-options.ts';
import { parseWhole, withData, withMlflow, type DataOptions, type MlflowOption } from './options.ts';
import { registryOption, type RegistryOptions } from './registry-options.ts';

/** With an instance type fits are jobs of SageMaker; without, processes of this machine. */
interface ExperimentCommandOptions
  extends DataOptions, MlflowOption, RegistryOptions, Omit<JobOptions, 'instance'> {
  readonly parallel?: number;
  readonly instance?: string;
  readonly output?: string;
  readonly poll: number;
  readonly stopOnInterrupt?: boolean;
}

/** Options that mean nothing on this machine. */
const JOB_OPTIONS = [
  ...['output', 'image', 'role', 'volume', 'hours', 'env', 'tag', 'kmsKey', 'subnets', 'securityGroups'],
  ...['stopOnInterrupt', 'poll'],
];

/**
 * Adds `hemline experiment`.
 * @param program to add to
 */
export function addExperiment(program: Command): void {
  const command = program
    .command('experiment')
    .description(
      'try variants of models at several cutoffs and seeds, and rank them with the uncertainty of it',
    )
    .usage('FILE --data <dir> [options], or a verb')
    .enablePositionalOptions();
  addRun(command);
  command
    .command('show')
    .description('the ranking of an experiment that has ended')
    .argument('<name>', 'of the experiment')
    .option('--json', 'print the result as JSON')
    .action(async (name: string, options: { json?: boolean }) => {
      const outcome = await experimentOutcome(name);
      printResult(outcome, rankingText(outcome, outcome.notes), options.json);
    });
  command
    .command('promote')
    .description(
      'put the hyperparameters of a variant into the weekly workflow: promoted.json of the model, to be committed',
    )
    .argument('<name>', 'of the experiment')
    .argument('[variant]', 'its name or rank (default: the first)')
    .option('--anyway', 'also where it is not better than the champion beyond noise')
    .option('--json', 'print the result as JSON')
    .action(promoteVariant);
}

function addRun(parent: Command): void {
  const run = parent.command('run', { isDefault: true });
  withData(withMlflow(run))
    .description('run an experiment file; one that was interrupted goes on')
    .argument('<file>', 'JSON, or a module that exports defineExperiment({ … })')
    .addOption(registryOption())
    .option(
      '--parallel <n>',
      'fits at the same time (default: what cores and memory bear, 1 for models with an engine, which takes all cores; 8 jobs)',
      parseWhole,
    )
    .option('--instance <type>', 'fit as jobs of SageMaker, on this type of instance')
    .option('--output <url>', 's3://bucket/prefix; jobs leave their scores below it');
  withFollow(withJobs(run))
    .addHelpText(
      'after',
      `\nExit codes: 0 all well; ${COMMAND_EXIT_CODES.incomplete} a variant could not be tried.`,
    )
    .action(async (file: string, options: ExperimentCommandOptions, command: Command) => {
      if (options.instance === undefined) refuseJobOptions(command);
      const { outcome, computed, reused } = await conduct(file, options);
      const fits = `${computed} fits, and ${reused} of earlier starts; run ${outcome.run}`;
      printResult(
        { ...outcome, computed, reused },
        `${rankingText(outcome, outcome.notes)}\n${fits}`,
        options.json,
      );
      if (outcome.variants.some(({ status }) => status === 'failed'))
        process.exitCode = COMMAND_EXIT_CODES.incomplete;
    });
}

function conduct(file: string, options: ExperimentCommandOptions): ReturnType<typeof experiment> {
  const { data, descriptor, registry, mlflow, parallel } = options;
  const given = { data, descriptor, registry, mlflow, parallel, jobs: jobsOf(options) };
  return withBars((told) => experiment(file, { ...given, ...told }), noticeOf(options));
}

function jobsOf({ instance, ...options }: ExperimentCommandOptions): ExperimentOptions['jobs'] {
  return instance === undefined ? undefined : { ...options, instance };
}

/** What the first Ctrl-C means. */
function noticeOf({ instance, stopOnInterrupt }: ExperimentCommandOptions): string {
  if (instance === undefined) return 'Stopping; finished fits are kept, and the same command goes on.';
  return stopOnInterrupt === true
    ? 'Stopping; finished fits are kept, jobs under way are told to stop, and the same command goes on.'
    : 'Leaving; jobs under way go on, and the same command goes on with them.';
}

/** What would not be heeded; image and role may be in the environment for other commands. */
function refuseJobOptions(command: Command): void {
  const asked = command.options.filter(
    (option) =>
      JOB_OPTIONS.includes(option.attributeName()) &&
      command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (asked.length === 0) return;
  throw new ConfigurationError('these options are for jobs of SageMaker', {
    expected: '--instance TYPE beside them',
    found: asked.map(({ long }) => long).join(', '),
    remedy: 'Name the type of the instances, or leave them out to fit on this machine.',
  });
}

async function promoteVariant(
  name: string,
  variant: string | undefined,
  { anyway, json }: { anyway?: boolean; json?: boolean },
): Promise<void> {
  const promotion = await promote(name, { variant, anyway });
  printResult(
    promotion,
    `The weekly workflow trains ${promotion.model} with ${promotion.variant} from now on: ${promotion.file}. Commit it.`,
    json,
  );
}
