import type { AnyModel } from '@hemline/core';

/** One of the models that a blend is made of, with settings of its own: the same model may stand in a blend twice. */
export interface BlendPart {
  /** Kebab-case; names its weights, its part of the artifact and its checkpoints. */
  readonly name: string;
  /** The model's name: one of the blend's `members`. */
  readonly member: string;
  /** What is set of its hyperparameters, over its preset. */
  readonly hyperparameters?: Readonly<Record<string, unknown>>;
}

/**
 * Hyperparameters of a part.
 * @param part of a blend
 * @param model its definition
 * @param preset that members are trained with; of a model that has none of this name, the defaults
 * @returns parsed values
 */
export function hyperparametersOf(part: BlendPart, model: AnyModel, preset: string): unknown {
  return model.hyperparameters.parse({ ...model.presets[preset], ...part.hyperparameters });
}
