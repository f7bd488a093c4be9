import { EngineError, throwIfAborted } from '@hemline/core';
import type { Booster, Dataset } from '@hemline/lightgbm';
import { LightgbmError } from '@hemline/lightgbm/scoring';
import type { Examples } from './examples.ts';
import type { TreeFeature } from './features.ts';
import type { DemandTreesHyperparameters } from './hyperparameters.ts';
import { objectiveParameters, ratioOf, startScore, weightsOf, type Member } from './objectives.ts';

/** What trees are grown from. */
export interface GrowOptions {
  readonly member: Member;
  readonly features: readonly TreeFeature[];
  readonly training: Examples;
  /** Later weeks that tell how good the trees are; null: none. */
  readonly heldOut: Examples | null;
  /** Trees, at most; as many where nothing is held out. */
  readonly rounds: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
  readonly onTree?: (tree: number, loss: number | null) => void;
}

/** Trees of one member. */
export interface GrownTrees {
  /** As LightGBM writes them, all that were grown. */
  readonly text: string;
  /** Squared demand error of the weeks held out, without any tree and after each; empty without such weeks. */
  readonly losses: readonly number[];
}

/** Examples that a leaf is to be chosen among: fewer leaves where data is small. */
const EXAMPLES_A_LEAF = 400;

/**
 * Grows trees on demand over the level.
 * @param options what from, how many
 * @param hyperparameters of the training
 * @returns the trees
 * @throws InterruptedError when the signal is raised
 * @throws EngineError when LightGBM cannot be loaded or refuses something
 */
export async function grow(
  options: GrowOptions,
  hyperparameters: DemandTreesHyperparameters,
): Promise<GrownTrees> {
  throwIfAborted(options.signal);
  try {
    return await run(options, hyperparameters);
  } catch (error) {
    if (error instanceof LightgbmError)
      throw new EngineError('the trees cannot be grown', { found: error.message, cause: error });
    throw error;
  }
}

async function run(options: GrowOptions, hyperparameters: DemandTreesHyperparameters): Promise<GrownTrees> {
  // Only training needs LightGBM's library, or the package that calls it.
  const { createDataset, train } = await import('@hemline/lightgbm');
  const { member, features, training, heldOut, rounds, signal, onTree } = options;
  const parameters = parametersOf(options, hyperparameters);
  const datasetOf = (examples: Examples, reference?: Dataset): Promise<Dataset> =>
    createDataset(
      { columns: examples.columns },
      {
        parameters,
        label: Float32Array.from(examples.demand, (units, i) => units / examples.level[i]!),
        weight: weightsOf(examples, hyperparameters.weightPower),
        initScore: Float64Array.from(examples.start, (start) => startScore(member, start)),
        categorical: features.flatMap(({ categorical }, at) => (categorical === true ? [at] : [])),
        featureNames: features.map(({ name }) => name.replace(/[^\w]/g, '_')),
        reference,
        signal,
      },
    );
  using data = await datasetOf(training);
  using held = heldOut === null || heldOut.demand.length === 0 ? null : await datasetOf(heldOut, data);
  const losses: number[] = [];
  if (held !== null) losses.push(squaredError(heldOut!, startOf(heldOut!, member)));
  let best = 0;
  using booster = await train({
    data,
    parameters,
    rounds,
    ...(held === null ? {} : { validation: { held } }),
    onIteration: async ({ booster: grown, iteration, isExhausted }) => {
      throwIfAborted(signal);
      if (held !== null) {
        losses.push(await lossOf(grown, heldOut!));
        if (losses.at(-1)! < losses[best]!) best = losses.length - 1;
      }
      onTree?.(iteration + 1, losses.at(-1) ?? null);
      return isExhausted || losses.length - 1 - best >= hyperparameters.patience ? 'stop' : undefined;
    },
  });
  return { text: await booster.toText(), losses };
}

async function lossOf(booster: Booster, heldOut: Examples): Promise<number> {
  return squaredError(heldOut, await booster.currentPredictions(1));
}

function startOf({ start }: Examples, member: Member): Float64Array {
  return start.map((one) => ratioOf(member.objective, startScore(member, one)));
}

/** Square of the demand error. */
function squaredError({ demand, level, price }: Examples, ratios: Float64Array): number {
  let [errors, scale] = [0, 0];
  for (let i = 0; i < demand.length; i++) {
    const forecast = level[i]! * Math.max(0, ratios[i]!);
    errors += price[i]! * (forecast - demand[i]!) ** 2;
    scale += price[i]! * demand[i]! ** 2;
  }
  return scale > 0 ? errors / scale : errors;
}

function parametersOf(
  { member, features, training, seed }: GrowOptions,
  hyperparameters: DemandTreesHyperparameters,
): Record<string, string | number | boolean> {
  const { learningRate, leaves, leafRows, shrinkage, featureShare, exampleShare, threads } = hyperparameters;
  const examples = training.demand.length;
  return {
    ...objectiveParameters(member.objective, hyperparameters),
    learning_rate: learningRate,
    num_leaves: Math.max(2, Math.min(leaves, Math.round(examples / EXAMPLES_A_LEAF))),
    min_data_in_leaf: leafRows,
    min_sum_hessian_in_leaf: 1e-3,
    lambda_l2: shrinkage,
    feature_fraction: featureShare,
    ...(exampleShare < 1 ? { bagging_fraction: exampleShare, bagging_freq: 1 } : {}),
    monotone_constraints: features.map(({ rises }) => (rises === true ? 1 : 0)).join(','),
    monotone_constraints_method: 'intermediate',
    max_cat_threshold: 16,
    cat_smooth: 20,
    cat_l2: 20,
    seed,
    // The same trees whatever the number of threads.
    deterministic: true,
    force_row_wise: true,
    ...(threads === 0 ? {} : { num_threads: threads }),
  };
}
