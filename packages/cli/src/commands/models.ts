import type { Command } from 'commander';
import { QUANTITIES } from '@hemline/core';
import { describeHyperparameters } from '@hemline/runtime';
import { printResult } from '../terminal/print.ts';
import { drawTable } from '../terminal/table.ts';
import { loadModel, modelPackages } from '../workspace.ts';

/**
 * Adds `hemline models [MODEL]`.
 * @param program to add to
 */
export function addModels(program: Command): void {
  program
    .command('models')
    .description('the models there are; of one, its hyperparameters and presets')
    .argument('[model]', 'name of a model')
    .option('--json', 'print the result as JSON')
    .action(async (name: string | undefined, options: { json?: boolean }) => {
      if (name === undefined) {
        const models = await Promise.all(modelPackages().map(async (each) => loadModel(each.name)));
        const list = models.map(({ name, quantity, description }) => ({ name, quantity, description }));
        printResult(
          list,
          drawTable(
            ['model', 'quantity', 'what it does'],
            list.map((each) => [each.name, each.quantity, each.description]),
          ),
          options.json,
        );
        return;
      }
      const model = await loadModel(name);
      const hyperparameters = describeHyperparameters(model);
      const head = `${model.name}: ${model.description}\nQuantity: ${model.quantity} (${QUANTITIES[model.quantity].question})\nPresets: ${Object.keys(model.presets).join(', ') || 'none'}`;
      const table = drawTable(
        ['hyperparameter', 'type', 'default', 'meaning'],
        hyperparameters.map((each) => [each.name, each.type, each.default ?? null, each.description]),
      );
      printResult(
        { name: model.name, quantity: model.quantity, presets: model.presets, hyperparameters },
        `${head}\n${table}`,
        options.json,
      );
    });
}
