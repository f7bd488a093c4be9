import type { Command } from 'commander';
import { showDefinitions } from './model-definitions.ts';
import { addModelDecisions } from './model-decisions.ts';
import { addModelVersions } from './model-versions.ts';

/**
 * Adds `hemline models`: by itself the definitions in the workspace, with a verb the versions in the registry.
 * @param program to add to
 */
export function addModels(program: Command): void {
  const models = program
    .command('models')
    .description('the models there are (of one, its hyperparameters), and their versions in the registry')
    .argument('[model]', 'name of a model: its hyperparameters and presets')
    .option('--json', 'print the result as JSON')
    .enablePositionalOptions()
    .action(showDefinitions);
  addModelVersions(models);
  addModelDecisions(models);
}
