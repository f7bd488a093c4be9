import { Command } from 'commander';
import { addBacktest } from './commands/backtest.ts';
import { addCheck } from './commands/check.ts';
import { addDecisions } from './commands/decisions.ts';
import { addDesk } from './commands/desk.ts';
import { addEvaluate } from './commands/evaluate.ts';
import { addExperiment } from './commands/experiment.ts';
import { addFeatures } from './commands/features.ts';
import { addForecast } from './commands/forecast.ts';
import { addImport } from './commands/import.ts';
import { addInspect } from './commands/inspect.ts';
import { addLaunch } from './commands/launch.ts';
import { addLineage } from './commands/lineage.ts';
import { addModels } from './commands/models.ts';
import { addMonitor } from './commands/monitor.ts';
import { addPrice } from './commands/price.ts';
import { addRepartition } from './commands/repartition.ts';
import { addReport } from './commands/report.ts';
import { addRun } from './commands/run.ts';
import { addRuns } from './commands/runs.ts';
import { addSeason } from './commands/season.ts';
import { addSimulate } from './commands/simulate.ts';
import { addStart } from './commands/start.ts';
import { addTrain } from './commands/train.ts';
import { addWatch } from './commands/watch.ts';
import { checkTyped } from './terminal/check-typed.ts';

/**
 * The command, with all that it can be asked.
 * @returns a program that throws a CommanderError in the place of ending the process
 */
export function hemlineProgram(): Command {
  const program = new Command('hemline')
    .description(
      'Forecasts for markdown pricing: demand, return rate, return time, fulfilment cost and residual value, as functions of the discount.',
    )
    .version('0.1.0');
  for (const add of [
    addSimulate,
    addTrain,
    addFeatures,
    addForecast,
    addEvaluate,
    addBacktest,
    addExperiment,
    addCheck,
    addImport,
    addInspect,
    addModels,
    addMonitor,
    addPrice,
    addDecisions,
    addDesk,
    addRepartition,
    addReport,
    addRun,
    addRuns,
    addSeason,
    addLineage,
    addLaunch,
    addStart,
    addWatch,
  ])
    add(program);
  settle(program);
  return program;
}

/** Sub-commands inherit none of these when they are added by name. */
function settle(command: Command): void {
  command.exitOverride().showHelpAfterError('(add --help for what there is)');
  // An option belongs to the command before it: else the --json of `models` would take that of its verbs.
  if (command.commands.length > 0) command.enablePositionalOptions();
  else checkTyped(command);
  command.commands.forEach(settle);
}
