import type { Command } from 'commander';
import { QUANTITIES } from '@hemline/core';
import { models } from '@hemline/hemline';
import { printResult } from '../terminal/print.ts';
import { drawTable } from '../terminal/table.ts';
import { addModelDecisions } from './model-decisions.ts';
import { addModelVersions } from './model-versions.ts';

/**
 * Adds `hemline models`: by itself the definitions in the workspace, with a verb the versions in the registry.
 * @param program to add to
 */
export function addModels(program: Command): void {
  const command = program
    .command('models')
    .description('the models there are (of one, its hyperparameters), and their versions in the registry')
    .argument('[model]', 'name of a model: its hyperparameters and presets')
    .option('--json', 'print the result as JSON')
    .enablePositionalOptions()
    .action((name: string | undefined, { json }: { json?: boolean }) =>
      name === undefined ? showAll(json) : showOne(name, json),
    );
  addModelVersions(command);
  addModelDecisions(command);
}

async function showAll(json: boolean | undefined): Promise<void> {
  const all = await models.definitions();
  const rows = all.map((each) => [each.name, each.quantity, each.description]);
  printResult(all, drawTable(['model', 'quantity', 'what it does'], rows), json);
}

async function showOne(name: string, json: boolean | undefined): Promise<void> {
  const { description, ...model } = await models.definition(name);
  const { quantity, presets, hyperparameters } = model;
  const head = `${model.name}: ${description}\nQuantity: ${quantity} (${QUANTITIES[quantity].question})\nPresets: ${Object.keys(presets).join(', ') || 'none'}`;
  const table = drawTable(
    ['hyperparameter', 'type', 'default', 'meaning'],
    hyperparameters.map((each) => [each.name, each.type, each.default ?? null, each.description]),
  );
  printResult(model, `${head}\n${table}`, json);
}
