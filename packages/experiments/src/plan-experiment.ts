import { isDeepStrictEqual } from 'node:util';
import {
  checkCutoff,
  ConfigurationError,
  parseWeek,
  QUANTITIES,
  type AnyModel,
  type Week,
} from '@hemline/core';
import { rollingCutoffs } from '@hemline/evaluation';
import type { ModelRegistry } from '@hemline/runs';
import type { Dataset } from '@hemline/runtime';
import { mainMetric } from '@hemline/workflow';
import type { Declaration } from './declaration.ts';
import { findChampion, type KnownModels } from './find-champion.ts';
import type { ExperimentPlan } from './plan.ts';
import { expandVariants, nameVariants } from './variant.ts';

/** A plan, and where its champion comes from. */
export interface DecidedExperiment {
  readonly plan: ExperimentPlan;
  readonly championSource: string;
  /** Whether a model of it has an engine, which takes all cores by itself. */
  readonly hasEngine: boolean;
}

/**
 * Decides what an experiment does on a dataset.
 * @param declaration of the experiment
 * @param dataset it is tried on
 * @param registry where the champion is looked for
 * @param code what tells the code of its fits from other code
 * @param known models that there are
 * @returns the plan
 * @throws ConfigurationError for models of different quantities, cutoffs that are none, a history that is too short
 * @throws HyperparameterError for values that a model does not take
 */
export async function planExperiment(
  declaration: Declaration,
  dataset: Dataset,
  registry: ModelRegistry,
  code: string,
  known: KnownModels,
): Promise<DecidedExperiment> {
  const models = new Map<string, AnyModel>();
  const modelOf = async (name: string): Promise<AnyModel> => {
    const model = models.get(name) ?? (await known.modelOf(name));
    models.set(name, model);
    return model;
  };
  const declared = await expandVariants(declaration.variants, modelOf);
  const { variant: champion, source } = await findChampion(declaration, dataset.name, registry, {
    ...{ modelOf, promotionOf: known.promotionOf },
  });
  const at = declared.findIndex((each) => isDeepStrictEqual(each, champion));
  const all = nameVariants(at >= 0 ? declared : [...declared, champion]);
  const quantity = quantityOf([...models.values()]);
  const horizon = declaration.horizon ?? QUANTITIES[quantity].evaluationWeeks;
  const { name, seeds, confidence, stopping } = declaration;
  const plan: ExperimentPlan = {
    name,
    quantity,
    metric: declaration.metric ?? mainMetric(quantity),
    variants: all,
    champion: all[at >= 0 ? at : all.length - 1]!.name,
    cutoffs: cutoffsOf(
      declaration.cutoffs,
      horizon,
      await dataset.lastKnownWeek(),
      QUANTITIES[quantity].maturityWeeks,
    ),
    ...{ horizon, seeds, confidence },
    stopping: stopping ?? null,
    data: dataset.fingerprint,
    code,
  };
  const hasEngine = [...models.values()].some(({ engines }) => engines.length > 0);
  return { plan, championSource: source, hasEngine };
}

function quantityOf(models: readonly AnyModel[]): AnyModel['quantity'] {
  const quantities = [...new Set(models.map(({ quantity }) => quantity))];
  if (quantities.length === 1) return quantities[0]!;
  throw new ConfigurationError('an experiment compares models of one quantity', {
    expected: quantities[0]!,
    found: models.map(({ name, quantity }) => `${name} (${quantity})`).join(', '),
    remedy: 'Make an experiment for each quantity.',
  });
}

function cutoffsOf(
  declared: Declaration['cutoffs'],
  horizon: number,
  lastWeek: Week,
  maturityWeeks: number,
): Week[] {
  if (!Array.isArray(declared)) return rollingCutoffs({ lastWeek, horizon, maturityWeeks, ...declared });
  const cutoffs = declared.map(parseWeek).sort((a, b) => a - b);
  for (const cutoff of cutoffs) checkCutoff(cutoff, lastWeek);
  return cutoffs;
}
