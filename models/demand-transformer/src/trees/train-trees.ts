import { EngineError, throwIfAborted, type TrainingJob } from '@hemline/core';
import { Dataset, LightgbmError, train } from '@hemline/lightgbm';
import type { DemandHyperparameters } from '../hyperparameters.ts';
import type { Windows } from '../windows.ts';
import { treeExamples } from './tree-examples.ts';
import { TreeFeatures } from './tree-features.ts';

/**
 * Grows trees of demand that never falls as the discount rises (monotone constraints), on squared errors weighted by the black price:
 * what the demand error is made of. Trees take the same bits from the same examples whatever the number of threads; a training that
 * was interrupted grows them anew.
 * @param job seed, signal, progress
 * @param windows of the series
 * @param hyperparameters of the trees
 * @returns the model as text
 * @throws InterruptedError when the signal is raised
 * @throws EngineError when LightGBM cannot be loaded or refuses something
 */
export async function trainTrees(
  job: TrainingJob,
  windows: Windows,
  hyperparameters: DemandHyperparameters,
): Promise<string> {
  const { treeRounds, treeLeaves, treeLearningRate, treeRows } = hyperparameters;
  const features = new TreeFeatures(windows);
  const { columns, demand, weight } = treeExamples(windows, features, treeRows, job.seed);
  const parameters = {
    objective: 'regression',
    num_leaves: treeLeaves,
    learning_rate: treeLearningRate,
    // Each week is seen from several cutoffs.
    min_data_in_leaf: Math.max(1, Math.min(100, Math.floor(demand.length / 100))),
    feature_fraction: 0.7,
    bagging_fraction: 0.8,
    bagging_freq: 1,
    lambda_l2: 5,
    cat_smooth: 20,
    monotone_constraints: features.signs.join(','),
    monotone_constraints_method: 'intermediate',
    seed: job.seed,
    deterministic: true,
    force_col_wise: true,
  };
  try {
    throwIfAborted(job.signal);
    using data = await Dataset.create(
      { columns },
      { parameters, label: demand, weight, categorical: features.categorical, signal: job.signal },
    );
    using booster = await train({
      data,
      parameters,
      rounds: treeRounds,
      onIteration: ({ iteration }) => {
        job.onProgress?.({ phase: 'growing trees', done: iteration + 1, total: treeRounds, unit: 'trees' });
        throwIfAborted(job.signal);
      },
    });
    return await booster.toText();
  } catch (error) {
    if (error instanceof LightgbmError)
      throw new EngineError('the trees cannot be grown', { found: error.message, cause: error });
    throw error;
  }
}
