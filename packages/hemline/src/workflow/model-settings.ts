import { readPromotion, type Promotion } from '@hemline/experiments';
import {
  defaultRequirements,
  tightenRequirements,
  type ModelFacts,
  type ModelSettings,
} from '@hemline/workflow';
import { modelPackage } from '../workspace.ts';
import { declaredRequirements } from './declared-requirements.ts';

/**
 * The settings of a model in the weekly workflow. Everything that is special about it stands in its package: machines in its
 * package.json, what its versions must reach in `requirements.json`, what an experiment has promoted in `promoted.json`.
 * @param name of the model
 * @param hyperparameters in place of all others
 * @param catalog the models there are
 * @param promotion of the model; that of its package by default
 * @returns its settings
 * @throws ConfigurationError when its package asks for less than its quantity does, or for a metric that its versions do not have
 */
export function modelSettings(
  name: string,
  hyperparameters: Readonly<Record<string, string>>,
  catalog: readonly ModelFacts[],
  promotion: Promotion | null = readPromotion(modelPackage(name).directory),
): ModelSettings {
  const { directory, compute } = modelPackage(name);
  const facts = catalog.find((each) => each.name === name);
  const defaults = facts === undefined ? {} : defaultRequirements(facts, catalog);
  return {
    name,
    ...(compute === undefined ? {} : { compute }),
    requirements: tightenRequirements(defaults, declaredRequirements(directory, name, facts?.metrics), name),
    hyperparameters: { ...promotion?.hyperparameters, ...hyperparameters },
  };
}

/**
 * The models of a run that registers versions: those that were asked for, and whom these must be better than. A version that nobody
 * could compare would not be approved.
 * @param models that were asked for
 * @param catalog the models there are
 * @returns the models, and those of them that nobody asked for
 */
export function withBaselines(
  models: readonly string[],
  catalog: readonly ModelFacts[],
): { readonly models: readonly string[]; readonly added: readonly string[] } {
  const baselines = models.flatMap(
    (name) => modelSettings(name, {}, catalog).requirements?.betterThan?.model ?? [],
  );
  const added = [...new Set(baselines)].filter((name) => !models.includes(name));
  return { models: [...added, ...models], added };
}
