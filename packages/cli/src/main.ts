import { Command, CommanderError } from 'commander';
import { HemlineError } from '@hemline/core';
import { EXIT_CODES, exitCodeFor } from '@hemline/sagemaker';
import { addBacktest } from './commands/backtest.ts';
import { addEvaluate } from './commands/evaluate.ts';
import { addExperiment } from './commands/experiment.ts';
import { addFeatures } from './commands/features.ts';
import { addForecast } from './commands/forecast.ts';
import { addInspect } from './commands/inspect.ts';
import { addLaunch } from './commands/launch.ts';
import { addLineage } from './commands/lineage.ts';
import { addModels } from './commands/models.ts';
import { addMonitor } from './commands/monitor.ts';
import { addRepartition } from './commands/repartition.ts';
import { addReport } from './commands/report.ts';
import { addRun } from './commands/run.ts';
import { addRuns } from './commands/runs.ts';
import { addSimulate } from './commands/simulate.ts';
import { addStart } from './commands/start.ts';
import { addTrain } from './commands/train.ts';
import { addWatch } from './commands/watch.ts';
import { LaunchError, JobError } from '@hemline/hemline';

const program = new Command('hemline')
  .description(
    'Forecasts for markdown pricing: demand, return rate, return time, fulfilment cost and residual value, as functions of the discount.',
  )
  .version('0.1.0')
  .showHelpAfterError('(add --help for what there is)')
  // An option belongs to the command before it: else the --json of `models` would take that of its verbs.
  .enablePositionalOptions()
  .exitOverride();

for (const add of [
  addSimulate,
  addTrain,
  addFeatures,
  addForecast,
  addEvaluate,
  addBacktest,
  addExperiment,
  addInspect,
  addModels,
  addMonitor,
  addRepartition,
  addReport,
  addRun,
  addRuns,
  addLineage,
  addLaunch,
  addStart,
  addWatch,
])
  add(program);
// Sub-commands inherit neither of these when they are added by name.
const settle = (command: Command): void => {
  command.exitOverride().showHelpAfterError('(add --help for what there is)');
  command.commands.forEach(settle);
};
program.commands.forEach(settle);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** People get the message of an error that was foreseen, and the stack of one that was not. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_CODES.usage;
  if (error instanceof HemlineError) process.stderr.write(`${error.message}\n`);
  else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  // A job that failed has said by its own code whether trying again may help.
  return error instanceof JobError || error instanceof LaunchError ? error.exitCode : exitCodeFor(error);
}
