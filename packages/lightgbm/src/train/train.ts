import { Booster } from '../booster/booster.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { LightgbmError } from '../lightgbm-error.ts';
import { resolveParameters, type Parameters } from '../parameters/parameters.ts';
import { EarlyStopping, type EarlyStoppingOptions, type Evaluation } from './early-stopping.ts';
import { planTraining, type TrainingPlan } from './train-parameters.ts';
import { makeDatasets, type TrainingTable } from './training-table.ts';

/** A metric of the caller's. Predictions are transformed, unless the objective is the caller's; class after class. */
export type CustomMetric = (
  predictions: Float64Array,
  dataset: Dataset,
) => Omit<Evaluation, 'dataset'> | Promise<Omit<Evaluation, 'dataset'>>;

/** An objective of the caller's: derivatives of the loss by the raw scores, class after class. */
export type CustomObjective = (
  scores: Float64Array,
  dataset: Dataset,
) => { readonly gradient: Float32Array; readonly hessian: Float32Array };

/** What is told after each iteration. */
export interface IterationEvent {
  readonly booster: Booster;
  /** 0-based, of all there are: those of an earlier training included. */
  readonly iteration: number;
  /** One past the last. */
  readonly end: number;
  readonly evaluations: readonly Evaluation[];
  /** Whether no split was found that is worth it. */
  readonly isExhausted: boolean;
}

/** How to train. */
export interface TrainOptions {
  /** A dataset; or a table with what belongs to it, which is then binned as `parameters` ask for. */
  readonly data: Dataset | TrainingTable;
  /** By LightGBM's names; those of the dataset hold where these say nothing, and have to be the same where they shape bins. */
  readonly parameters?: Parameters;
  /** Iterations to add; 100 by default. The parameter `num_iterations` says the same. */
  readonly rounds?: number;
  /** Sets to evaluate after each iteration, by name: datasets made with `data` as their reference, or tables. */
  readonly validation?: Readonly<Record<string, Dataset | TrainingTable>>;
  /** Evaluates the training set too, under the name `training`; it does not count for stopping. */
  readonly evaluateTraining?: boolean;
  /** The parameters `early_stopping_round`, `first_metric_only` and `early_stopping_min_delta` say the same. */
  readonly earlyStopping?: EarlyStoppingOptions;
  readonly metrics?: readonly CustomMetric[];
  readonly objective?: CustomObjective;
  /** Goes on from this booster, which is left as it is: datasets must have been made with `keepTable`. */
  readonly from?: Booster;
  /**
   * Where the datasets' scores to start from are from: predicted by `from` (the default), or `given`: set as `initScore`, what `from`
   * adds included. A training with an offset, or one that kept its scores, goes on with these.
   */
  readonly fromScores?: 'predicted' | 'given';
  /** Called after each iteration, and waited for. `'stop'` ends the training with what there is. */
  readonly onIteration?: (event: IterationEvent) => void | 'stop' | Promise<void | 'stop'>;
  /** Ends the training between two iterations; what was trained is lost, unless `onIteration` saved it. */
  readonly signal?: AbortSignal;
}

/** Higher is better for these metrics of LightGBM; lower for all others. */
const RISING = ['auc', 'ndcg@', 'map@', 'average_precision'];

/**
 * Trains, as `lightgbm.train` does: with the same parameters on the same data it gives the same model.
 * @param options what, how and for how long
 * @returns the booster; the caller disposes of it
 * @throws LightgbmError when a parameter is unknown or asks for other bins than the dataset has, or LightGBM refuses something
 * @throws the reason of the signal when it is raised
 */
export async function train(options: TrainOptions): Promise<Booster> {
  checkNames(options);
  options.signal?.throwIfAborted();
  using datasets = await makeDatasets(options);
  // Waited for, or the datasets would be freed before the booster has them.
  return await run({ ...options, ...datasets.all });
}

/** Options whose datasets are there. */
interface RunOptions extends Omit<TrainOptions, 'data' | 'validation'> {
  readonly data: Dataset;
  readonly validation: Readonly<Record<string, Dataset>>;
}

async function run(options: RunOptions): Promise<Booster> {
  const { data, validation, signal, rounds, earlyStopping, objective, parameters = {} } = options;
  const sets = Object.values(validation);
  const plan = planTraining(
    { rounds, earlyStopping, hasObjective: objective !== undefined },
    { ...data.parameters, ...resolveParameters(parameters) },
  );
  if (plan.earlyStopping !== null && sets.length === 0)
    throw new LightgbmError('early stopping needs a validation set', { found: 'none' });
  using best = await bestOf(options.from);
  const from = best ?? options.from;
  if (from !== undefined && options.fromScores !== 'given')
    for (const dataset of [data, ...sets]) await startFrom(from, dataset, signal);
  const booster = await Booster.createResolved(data, plan.parameters);
  try {
    if (from !== undefined) booster.merge(from);
    for (const set of sets) await booster.addValidation(set);
    await iterate(booster, { ...options, from }, plan);
    return booster;
  } catch (error) {
    booster[Symbol.dispose]();
    throw error;
  }
}

/** What a booster that stopped early is without the iterations behind its best one; null where it is as it should be. */
async function bestOf(from?: Booster): Promise<Booster | null> {
  if (from === undefined || from.bestIteration === 0 || from.bestIteration === from.iterations) return null;
  return Booster.fromText(await from.toText());
}

async function iterate(booster: Booster, options: RunOptions, plan: TrainingPlan): Promise<void> {
  const { from, objective, onIteration, signal, metrics = [] } = options;
  const stopping = plan.earlyStopping === null ? null : new EarlyStopping(plan.earlyStopping);
  if (stopping !== null && booster.metricNames.length + metrics.length === 0)
    throw new LightgbmError('early stopping needs a metric', {
      expected: 'a metric of LightGBM or of yours',
      found: 'none',
      remedy: 'Name one with the parameter `metric`, or give `metrics`.',
    });
  const begin = from?.iterations ?? 0;
  const end = begin + plan.rounds;
  for (let iteration = begin; iteration < end; iteration++) {
    signal?.throwIfAborted();
    const isExhausted =
      objective === undefined ? await booster.update() : await updateBy(booster, objective, options.data);
    const evaluations = await evaluate(booster, options);
    const validations = evaluations.filter(({ dataset }) => dataset !== 'training');
    const best = stopping?.after(iteration, validations) ?? null;
    const answer = await onIteration?.({ booster, iteration, end, evaluations, isExhausted });
    if (best !== null) {
      booster.bestIteration = best + 1;
      return;
    }
    if (answer === 'stop') break;
  }
  if (stopping !== null && stopping.best !== null) booster.bestIteration = stopping.best + 1;
}

async function updateBy(booster: Booster, objective: CustomObjective, data: Dataset): Promise<boolean> {
  const scores = await booster.currentPredictions(0);
  const { gradient, hessian } = objective(scores, data);
  if (gradient.length !== scores.length || hessian.length !== scores.length)
    throw new LightgbmError('the derivatives of an objective do not fit', {
      expected: `${scores.length} values each`,
      found: `${gradient.length} and ${hessian.length}`,
    });
  return booster.updateWith(gradient, hessian);
}

async function evaluate(booster: Booster, options: RunOptions): Promise<Evaluation[]> {
  const { data, validation, evaluateTraining = false, metrics = [] } = options;
  const sets: [string, Dataset, number][] = Object.entries(validation).map(([name, set], i) => [
    name,
    set,
    i + 1,
  ]);
  if (evaluateTraining) sets.unshift(['training', data, 0]);
  if (sets.length === 0) return [];
  const names = booster.metricNames;
  const evaluations: Evaluation[] = [];
  for (const [dataset, set, number] of sets) {
    const values = await booster.evaluate(number);
    names.forEach((metric, i) => {
      const higherIsBetter = RISING.some((start) => metric.startsWith(start));
      evaluations.push({ dataset, metric, value: values[i]!, higherIsBetter });
    });
    if (metrics.length === 0) continue;
    const predictions = await booster.currentPredictions(number);
    for (const metric of metrics) evaluations.push({ dataset, ...(await metric(predictions, set)) });
  }
  return evaluations;
}

function checkNames({ validation = {} }: TrainOptions): void {
  if ('training' in validation)
    throw new LightgbmError('training is the name of the training set', {
      expected: 'another name for a validation set',
      remedy: 'Use `evaluateTraining` to evaluate the training set.',
    });
}

/**
 * Lets the scores of a dataset start where a booster ends.
 * @param booster whose trees come first
 * @param dataset made with `keepTable`
 * @param signal ends the work
 * @throws LightgbmError when the dataset kept no table
 */
async function startFrom(booster: Booster, dataset: Dataset, signal?: AbortSignal): Promise<void> {
  const { table, rows } = dataset;
  if (table === null)
    throw new LightgbmError('a training cannot go on with a dataset whose table was not kept', {
      remedy: 'Make training and validation sets with `keepTable: true`.',
    });
  const { classes } = booster;
  const scores = await booster.predict(table, { kind: 'raw', signal });
  // Predictions lie row by row, scores to start from class after class.
  const byClass = classes === 1 ? scores : new Float64Array(scores.length);
  if (classes > 1)
    for (let row = 0, at = 0; row < rows; row++)
      for (let one = 0; one < classes; one++) byClass[one * rows + row] = scores[at++]!;
  dataset.setField('init_score', byClass);
}
