import { readPromotion, type Promotion } from '@hemline/experiments';
import type { ModelSettings } from '@hemline/workflow';
import { modelPackage } from '../workspace.ts';

/** What is special about single models. A model that is not listed runs with the defaults: its name is enough. */
const SPECIAL: readonly ModelSettings[] = [
  {
    name: 'demand-transformer',
    compute: { train: { instanceType: 'ml.g5.2xlarge', spot: true, maximumHours: 12 } },
    requirements: {
      // Forecasting nothing at all scores 1.
      maximum: { demandError: 1 },
      bias: { metric: 'demandBias', least: -0.5, most: 0.5 },
      betterThan: { model: 'demand-naive', metric: 'demandError' },
      monotone: true,
      approvedTolerance: { metric: 'demandError', relative: 0.2 },
    },
  },
  ...['return-rate-average', 'return-time-average', 'fulfillment-cost-average', 'residual-value-average'].map(
    (name): ModelSettings => ({
      name,
      requirements: { approvedTolerance: { metric: 'wape', relative: 0.5 } },
    }),
  ),
];

/**
 * The settings of a model in the weekly workflow: its defaults, then what an experiment has promoted, then what is given here.
 * @param name of the model
 * @param hyperparameters in place of all others
 * @param promotion of the model; that of its package by default
 * @returns its settings
 */
export function modelSettings(
  name: string,
  hyperparameters: Readonly<Record<string, string>>,
  promotion: Promotion | null = readPromotion(modelPackage(name).directory),
): ModelSettings {
  const special = SPECIAL.find((each) => each.name === name) ?? { name };
  return {
    ...special,
    hyperparameters: { ...special.hyperparameters, ...promotion?.hyperparameters, ...hyperparameters },
  };
}
