import { EngineError, throwIfAborted, type Checkpoints, type TrainingJob } from '@hemline/core';
import { Booster, createDataset, EarlyStopping, LightgbmError, train, type Dataset } from '@hemline/lightgbm';
import { derivatives, logLoss } from './censored-binomial.ts';
import type { Examples } from './examples.ts';
import type { ReturnTreesHyperparameters } from './hyperparameters.ts';

/** What a training leaves. */
export interface TrainedTrees {
  /** The model as text, up to the best tree. */
  readonly text: string;
  /** Nats a unit of the articles kept apart; of the training where there are none. */
  readonly logLoss: number;
  readonly trees: number;
}

/** Where a training stands. */
interface State {
  readonly trees: number;
  /** Of the articles kept apart, after each tree; none without such articles. */
  readonly losses: readonly number[];
}

/** Trees between two reports. */
const REPORT_EVERY = 10;

/**
 * Grows trees on the likelihood of open cohorts, from the offsets of the examples.
 * @param job seed, signal, progress, checkpoints
 * @param training to learn from
 * @param validation to tell when to stop; may be empty
 * @param categorical numbers of the columns that hold categories
 * @param hyperparameters of the training
 * @returns the trees
 * @throws InterruptedError when the signal is raised, after a checkpoint was saved
 * @throws EngineError when LightGBM cannot be loaded or refuses something
 */
export async function trainTrees(
  job: TrainingJob,
  training: Examples,
  validation: Examples,
  categorical: readonly number[],
  hyperparameters: ReturnTreesHyperparameters,
): Promise<TrainedTrees> {
  try {
    return await run(job, training, validation, categorical, hyperparameters);
  } catch (error) {
    if (error instanceof LightgbmError)
      throw new EngineError('the trees cannot be trained', { found: error.message, cause: error });
    throw error;
  }
}

async function run(
  job: TrainingJob,
  training: Examples,
  validation: Examples,
  categorical: readonly number[],
  hyperparameters: ReturnTreesHyperparameters,
): Promise<TrainedTrees> {
  throwIfAborted(job.signal);
  const { rounds, patience, checkpointEvery } = hyperparameters;
  const resumed = await resume(job.checkpoints);
  const losses = [...(resumed?.losses ?? [])];
  const stopping = new EarlyStopping({ rounds: patience });
  losses.forEach((value, iteration) => stopping.after(iteration, [validationLoss(value)]));
  const hasValidation = validation.units.length > 0;
  const parameters = parametersOf(hyperparameters, job.seed);
  const datasetOf = (
    examples: Examples,
    scores: Float64Array | undefined,
    reference?: Dataset,
  ): Promise<Dataset> =>
    createDataset(
      { columns: examples.columns },
      {
        parameters,
        // LightGBM asks for labels; the objective is ours and does not.
        label: new Float32Array(examples.units.length),
        initScore: scores ?? examples.offset,
        categorical,
        reference,
        signal: job.signal,
      },
    );
  using data = await datasetOf(training, resumed?.training);
  using valid = hasValidation ? await datasetOf(validation, resumed?.validation, data) : null;
  using from = resumed === null ? null : await Booster.fromText(resumed.text);
  const gradient = new Float32Array(training.units.length);
  const hessian = new Float32Array(training.units.length);
  using booster = await train({
    data,
    parameters,
    rounds: rounds - (resumed?.trees ?? 0),
    ...(valid === null ? {} : { validation: { valid } }),
    ...(from === null ? {} : { from, fromScores: 'given' as const }),
    objective: (scores) => {
      derivatives(training, scores, gradient, hessian);
      return { gradient, hessian };
    },
    onIteration: async ({ booster: grown, iteration }) => {
      const trees = iteration + 1;
      job.onProgress?.({ phase: 'training', done: trees, total: rounds, unit: 'trees' });
      let isOver = trees === rounds;
      if (hasValidation) {
        const loss = logLoss(validation, await grown.currentPredictions(1));
        losses.push(loss);
        if (iteration % REPORT_EVERY === 0) job.onMetric?.('logLoss', loss);
        isOver ||= stopping.after(iteration, [validationLoss(loss)]) !== null;
      }
      // What is over needs no checkpoint: another one would have nothing to go on with.
      if (isOver) return 'stop';
      if (job.signal?.aborted === true || trees % checkpointEvery === 0)
        await save(job.checkpoints, grown, { trees, losses });
      throwIfAborted(job.signal);
      return undefined;
    },
  });
  const trees = hasValidation ? stopping.best! + 1 : booster.iterations;
  const final = hasValidation
    ? losses[stopping.best!]!
    : logLoss(training, await booster.currentPredictions(0));
  return { text: await booster.toText({ iterations: trees }), logLoss: final, trees };
}

function validationLoss(value: number): {
  dataset: string;
  metric: string;
  value: number;
  higherIsBetter: boolean;
} {
  return { dataset: 'valid', metric: 'logLoss', value, higherIsBetter: false };
}

function parametersOf(
  { leaves, learningRate, leafUnits, shrinkage, threads }: ReturnTreesHyperparameters,
  seed: number,
): Record<string, string | number | boolean> {
  return {
    num_leaves: leaves,
    learning_rate: learningRate,
    // Information of a unit at even odds.
    min_sum_hessian_in_leaf: leafUnits / 4,
    lambda_l2: shrinkage,
    cat_l2: shrinkage,
    min_data_in_leaf: 20,
    seed,
    // The same trees whatever the number of threads.
    deterministic: true,
    force_row_wise: true,
    ...(threads === 0 ? {} : { num_threads: threads }),
  };
}

interface Resumed extends State {
  readonly text: string;
  readonly training: Float64Array;
  readonly validation: Float64Array | undefined;
}

/** The scores are kept too, so that what comes after an interruption has the bits of what would have come without one. */
async function save(checkpoints: Checkpoints | undefined, booster: Booster, state: State): Promise<void> {
  await checkpoints?.save(state.trees, async (artifact) => {
    await artifact.writeJson('state', state);
    await artifact.writeBytes('model', new TextEncoder().encode(await booster.toText()));
    await artifact.writeBytes('training-scores', bytesOf(await booster.currentPredictions(0)));
    if (state.losses.length > 0)
      await artifact.writeBytes('validation-scores', bytesOf(await booster.currentPredictions(1)));
  });
}

async function resume(checkpoints: Checkpoints | undefined): Promise<Resumed | null> {
  const latest = (await checkpoints?.latest()) ?? null;
  if (latest === null) return null;
  const { artifact } = latest;
  const state = (await artifact.readJson('state')) as State;
  const scores = async (name: string): Promise<Float64Array> =>
    new Float64Array((await artifact.readBytes(name)).slice().buffer);
  return {
    ...state,
    text: new TextDecoder().decode(await artifact.readBytes('model')),
    training: await scores('training-scores'),
    validation: state.losses.length > 0 ? await scores('validation-scores') : undefined,
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
