import { QUANTITIES } from '@hemline/core';
import { describeHyperparameters } from '@hemline/runtime';
import { printResult } from '../terminal/print.ts';
import { drawTable } from '../terminal/table.ts';
import { loadModel, modelPackages } from '@hemline/hemline';

/**
 * Prints the models of the workspace, or one of them with its hyperparameters and presets.
 * @param name of a model
 * @param options of the command line
 */
export async function showDefinitions(name: string | undefined, options: { json?: boolean }): Promise<void> {
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
}
