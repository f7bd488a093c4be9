import type { Command } from 'commander';
import { ConfigurationError } from '@hemline/core';
import { Home } from '@hemline/runs';
import { ExperimentFolder } from '../experiments/experiment-folder.ts';
import { readOutcome } from '../experiments/experiment-result.ts';
import { promotionOf } from '../experiments/promote-variant.ts';
import { rankingText } from '../experiments/ranking-text.ts';
import type { ExperimentCommandOptions } from '../experiments/run-command.ts';
import { writePromotion } from '@hemline/hemline';
import { registryOption } from './registry-options.ts';
import { printResult } from '../terminal/print.ts';
import { withFollow, withJobs } from './launch-options.ts';
import { parseWhole, withData, withMlflow } from './options.ts';

/** Options that mean nothing on this machine. */
const JOB_OPTIONS = [
  ...['output', 'image', 'role', 'volume', 'hours', 'env', 'tag', 'kmsKey', 'subnets', 'securityGroups'],
  ...['stopOnInterrupt', 'poll'],
];

/** Exit code when a variant could not be tried. */
const INCOMPLETE = 4;

/**
 * Adds `hemline experiment`.
 * @param program to add to
 */
export function addExperiment(program: Command): void {
  const experiment = program
    .command('experiment')
    .description(
      'try variants of models at several cutoffs and seeds, and rank them with the uncertainty of it',
    )
    .usage('FILE --data <dir> [options], or a verb')
    .enablePositionalOptions();
  addRun(experiment);
  experiment
    .command('show')
    .description('the ranking of an experiment that has ended')
    .argument('<name>', 'of the experiment')
    .option('--json', 'print the result as JSON')
    .action(async (name: string, options: { json?: boolean }) => {
      const outcome = await outcomeNamed(name);
      printResult(outcome, rankingText(outcome, outcome.notes), options.json);
    });
  experiment
    .command('promote')
    .description(
      'put the hyperparameters of a variant into the weekly workflow: promoted.json of the model, to be committed',
    )
    .argument('<name>', 'of the experiment')
    .argument('[variant]', 'its name or rank (default: the first)')
    .option('--anyway', 'also where it is not better than the champion beyond noise')
    .option('--json', 'print the result as JSON')
    .action(promote);
}

function addRun(experiment: Command): void {
  const run = experiment.command('run', { isDefault: true });
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
    .addHelpText('after', `\nExit codes: 0 all well; ${INCOMPLETE} a variant could not be tried.`)
    .action(async (file: string, options: ExperimentCommandOptions, command: Command) => {
      if (options.instance === undefined) refuseJobOptions(command);
      const { runExperimentFile } = await import('../experiments/run-command.ts');
      const { outcome, computed, reused } = await runExperimentFile(file, options);
      const fits = `${computed} fits, and ${reused} of earlier starts; run ${outcome.run}`;
      printResult(
        { ...outcome, computed, reused },
        `${rankingText(outcome, outcome.notes)}\n${fits}`,
        options.json,
      );
      if (outcome.variants.some(({ status }) => status === 'failed')) process.exitCode = INCOMPLETE;
    });
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

async function promote(
  name: string,
  variant: string | undefined,
  options: { anyway?: boolean; json?: boolean },
): Promise<void> {
  const promotion = promotionOf(await outcomeNamed(name), variant, options.anyway === true);
  const file = await writePromotion(promotion);
  printResult(
    { file, ...promotion },
    `The weekly workflow trains ${promotion.model} with ${promotion.variant} from now on: ${file}. Commit it.`,
    options.json,
  );
}

async function outcomeNamed(name: string): ReturnType<typeof readOutcome> {
  const folder = new ExperimentFolder(new Home(), name);
  await folder.finishedState(name);
  return readOutcome(folder.result);
}
