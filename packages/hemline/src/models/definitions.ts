import type { AnyModel, QuantityName } from '@hemline/core';
import { describeHyperparameters } from '@hemline/runtime';
import { loadModel, modelPackages } from '../workspace.ts';

/** What a model is. */
export interface ModelDescription {
  readonly name: string;
  readonly quantity: QuantityName;
  readonly description: string;
}

/** What a model is, and what it can be told. */
export interface ModelDefinition extends ModelDescription {
  readonly presets: AnyModel['presets'];
  readonly hyperparameters: ReturnType<typeof describeHyperparameters>;
}

/**
 * The models of the workspace.
 * @returns them by name, in alphabetical order
 */
export async function definitions(): Promise<ModelDescription[]> {
  const models = await Promise.all(modelPackages().map(async (each) => loadModel(each.name)));
  return models.map(({ name, quantity, description }) => ({ name, quantity, description }));
}

/**
 * A model with its hyperparameters and presets.
 * @param name of the model
 * @returns what it is
 * @throws UnsupportedError that lists the models there are
 */
export async function definition(name: string): Promise<ModelDefinition> {
  const model = await loadModel(name);
  const { quantity, description, presets } = model;
  return {
    name: model.name,
    quantity,
    description,
    presets,
    hyperparameters: describeHyperparameters(model),
  };
}
