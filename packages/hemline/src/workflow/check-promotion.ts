import { join } from 'node:path';
import { ConfigurationError, HyperparameterError, type AnyModel } from '@hemline/core';
import { readPromotion } from '@hemline/experiments';
import { parseHyperparameters } from '@hemline/runtime';

/**
 * Checks what an experiment has promoted, before any job is given it: the model may have changed since, or the file may have been
 * edited. Else its training would fail, and an earlier version forecast in the place of what was meant.
 * @param model that is about to run
 * @param directory of its package
 * @throws ConfigurationError when it is of another model, or the model does not take its values
 * @throws DataError when the file is damaged
 */
export function checkPromotion(model: AnyModel, directory: string): void {
  const promotion = readPromotion(directory);
  if (promotion === null) return;
  const where = { file: join(directory, 'promoted.json') };
  const remedy = `Promote a variant anew (hemline experiment promote), correct the file, or delete it: ${model.name} has its defaults then.`;
  if (promotion.model !== model.name)
    throw new ConfigurationError(`what is promoted of ${model.name} is of another model`, {
      ...{ expected: model.name, found: promotion.model, where, remedy },
    });
  try {
    parseHyperparameters(model, promotion.hyperparameters);
  } catch (cause) {
    if (!(cause instanceof HyperparameterError)) throw cause;
    throw new ConfigurationError(`${model.name} does not take what is promoted of it`, {
      expected: `hyperparameters of ${model.name}`,
      found: cause.found ?? cause.message,
      ...{ where, remedy, cause },
    });
  }
}
