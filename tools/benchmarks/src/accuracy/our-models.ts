import { existsSync } from 'node:fs';
import { join } from 'node:path';

const MODELS = join(import.meta.dirname, '../../../../models');

/** Models of the suite: the one that users get, and those that it is made of. */
const SUITE = ['demand-blend', 'demand-trees', 'demand-transformer', 'demand-naive'] as const;
const NAIVE = 'demand-naive';

/** A model as it takes part. */
export interface OurModel {
  readonly model: string;
  /** As it is called among the contestants. */
  readonly name: string;
  /** Arguments of its training. */
  readonly training: readonly string[];
  /** Whether the seed changes anything. */
  readonly isRandom: boolean;
}

/** The naive model by its defaults: the last value. */
export const LAST_VALUE = NAIVE;

/**
 * @param wanted names of models, the one that users get first; null: the suite's
 * @param training arguments of the trainings of all but the naive model, which has nothing to train
 * @returns contestants, the naive model both as the last value and as a mean; and models of the suite that are not there
 * @throws RangeError for a model that was asked for and is not there
 */
export function ourModels(
  wanted: readonly string[] | null,
  training: readonly string[],
): { readonly models: readonly OurModel[]; readonly missing: readonly string[] } {
  const names: readonly string[] = wanted ?? SUITE;
  const missing = names.filter((name) => !existsSync(join(MODELS, name, 'package.json')));
  if (wanted !== null && missing.length > 0)
    throw new RangeError(`--models: expected models of the workspace, found ${missing.join(', ')}`);
  const models = names
    .filter((name) => !missing.includes(name))
    .flatMap((model): OurModel[] => {
      if (model !== NAIVE) return [{ model, name: model, training, isRandom: true }];
      const mean = ['--set', 'method=mean'];
      return [
        { model, name: LAST_VALUE, training: [], isRandom: false },
        { model, name: `${NAIVE}, mean of 8`, training: mean, isRandom: false },
      ];
    });
  return { models, missing };
}
