import {
  ArtifactError,
  EngineError,
  throwIfAborted,
  type ArtifactReader,
  type ArtifactWriter,
  type TrainingJob,
} from '@hemline/core';
import type { Dataset } from '@hemline/lightgbm';
import { LightgbmError, TreeModel } from '@hemline/lightgbm/scoring';
import type { LearnerHyperparameters } from './learner-hyperparameters.ts';
import { select, type Examples } from '../learned/examples.ts';
import { applyLink, type Link } from '../learned/link.ts';

/** LightGBM's name for the likelihood that goes with each link. */
const OBJECTIVES: Readonly<Record<Link, string>> = {
  log: 'poisson',
  logit: 'cross_entropy',
  identity: 'regression',
};

/** Trees that correct an offset: score = offset + trees, value = link⁻¹(score). */
export class Learner {
  readonly #text: string;
  readonly #trees: TreeModel;
  readonly #link: Link;

  private constructor(text: string, link: Link) {
    this.#text = text;
    this.#trees = parse(text);
    this.#link = link;
  }

  /**
   * Grows trees until examples that are kept apart are forecast no better.
   * @param job seed, signal, progress, metrics
   * @param examples to learn from
   * @param link what a score means
   * @param rising column in which the value never falls, or null
   * @param hyperparameters of the training
   * @returns the trees
   * @throws InterruptedError when the signal is raised
   * @throws EngineError when LightGBM cannot be loaded or refuses something
   */
  static async fit(
    job: TrainingJob,
    examples: Examples,
    link: Link,
    rising: number | null,
    hyperparameters: LearnerHyperparameters,
  ): Promise<Learner> {
    throwIfAborted(job.signal);
    try {
      return new Learner(await grow(job, examples, link, rising, hyperparameters), link);
    } catch (error) {
      if (error instanceof LightgbmError)
        throw new EngineError('the trees cannot be trained', { found: error.message, cause: error });
      throw error;
    }
  }

  /** Trees there are. */
  get metrics(): Readonly<Record<string, number>> {
    return { trees: this.#trees.iterations };
  }

  /**
   * Scores in TypeScript: no library is needed to forecast.
   * @param columns as those of the examples
   * @param offset score to start from, one a row
   * @returns the values
   */
  predict(columns: readonly Float32Array[], offset: Float64Array): Float64Array {
    const scores = this.#trees.predict({ columns }, { kind: 'raw' });
    return scores.map((score, row) => applyLink(this.#link, score + offset[row]!));
  }

  /**
   * @param artifact where to
   * @param name of the entry
   */
  async save(artifact: ArtifactWriter, name: string): Promise<void> {
    await artifact.writeBytes(name, new TextEncoder().encode(this.#text));
  }

  /**
   * @param artifact where from
   * @param name as given to `save`
   * @param link as given to `fit`
   * @returns the trees
   * @throws ArtifactError when the entry is missing or damaged
   */
  static async load(artifact: ArtifactReader, name: string, link: Link): Promise<Learner> {
    return new Learner(new TextDecoder().decode(await artifact.readBytes(name)), link);
  }

  /** There is nothing that is not garbage-collected. */
  dispose(): void {}
}

async function grow(
  { seed, signal, onProgress, onMetric }: TrainingJob,
  examples: Examples,
  link: Link,
  rising: number | null,
  { rounds, patience, learningRate, leaves, leafRows, shrinkage, threads }: LearnerHyperparameters,
): Promise<string> {
  // Only training needs LightGBM's library, or the package that calls it.
  const { createDataset, train } = await import('@hemline/lightgbm');
  const { training, validation } = select(examples);
  const parameters = {
    objective: OBJECTIVES[link],
    learning_rate: learningRate,
    num_leaves: leaves,
    min_data_in_leaf: leafRows,
    lambda_l2: shrinkage,
    seed,
    // The same trees whatever the number of threads.
    deterministic: true,
    force_row_wise: true,
    ...(threads === 0 ? {} : { num_threads: threads }),
    ...(rising === null
      ? {}
      : { monotone_constraints: examples.columns.map((_, at) => (at === rising ? 1 : 0)).join(',') }),
  };
  const datasetOf = (some: Examples, reference?: Dataset): Promise<Dataset> =>
    createDataset(
      { columns: some.columns },
      { parameters, label: some.label, weight: some.weight, initScore: some.offset, reference, signal },
    );
  using data = await datasetOf(training);
  using held = validation.label.length === 0 ? null : await datasetOf(validation, data);
  using booster = await train({
    data,
    parameters,
    rounds,
    ...(held === null ? {} : { validation: { held }, earlyStopping: { rounds: patience } }),
    onIteration: ({ iteration, evaluations, isExhausted }) => {
      throwIfAborted(signal);
      onProgress?.({ phase: 'training', done: iteration + 1, total: rounds, unit: 'trees' });
      if (evaluations[0] !== undefined) onMetric?.('loss', evaluations[0].value);
      return isExhausted ? 'stop' : undefined;
    },
  });
  return booster.toText();
}

function parse(text: string): TreeModel {
  try {
    return TreeModel.parse(text);
  } catch (error) {
    if (!(error instanceof LightgbmError)) throw error;
    throw new ArtifactError('the saved trees are damaged', {
      found: error.message,
      remedy: 'Train the model again.',
      cause: error,
    });
  }
}
