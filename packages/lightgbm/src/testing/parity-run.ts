import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Booster } from '../booster/booster.ts';
import type { PredictOptions } from '../booster/predict.ts';
import { createDataset } from '../dataset/create-dataset.ts';
import { isLinear } from '../dataset/dataset-shape.ts';
import { DatasetStream } from '../dataset/dataset-stream.ts';
import type { Dataset, DatasetOptions } from '../dataset/dataset.ts';
import type { Matrix, NumericTable } from '../dataset/numeric-table.ts';
import { resolveParameters, type Parameters } from '../parameters/parameters.ts';
import type { ParameterValue } from '../parameters/parameter-value.ts';
import { TreeModel } from '../scoring/tree-model.ts';
import type { Evaluation } from '../train/early-stopping.ts';
import { train, type CustomMetric, type CustomObjective, type TrainOptions } from '../train/train.ts';
import type { TrainingTable } from '../train/training-table.ts';
import type { ParityCase, ParityRows } from './parity-case.ts';

/** What a case comes to: texts, and numbers in the order in which they come. */
export type ParityOutcome = Readonly<Record<string, string | readonly number[]>>;

/** Stands for the folder of the case's files in texts. */
const FOLDER = 'FOLDER';

/**
 * Writes the files that parameters of a case name.
 * @param one case
 * @param folder for them
 * @returns the parameters with their paths
 */
export async function writeParityFiles(one: ParityCase, folder: string): Promise<Parameters> {
  const paths: Record<string, ParameterValue> = {};
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(one.files)) {
    paths[name] = join(folder, `${one.seed}-${name}.json`);
    await writeFile(paths[name] as string, JSON.stringify(content));
  }
  return { ...one.parameters, ...paths };
}

/**
 * Does a case with this package.
 * @param one case
 * @param folder where its files are
 * @returns what it comes to
 */
export async function runParityCase(one: ParityCase, folder: string): Promise<ParityOutcome> {
  const parameters = await writeParityFiles(one, folder);
  const history: number[] = [];
  const note = (evaluations: readonly Evaluation[]): void =>
    void history.push(...evaluations.map(({ value }) => value));
  using made = new DisposableStack();
  const booster = made.use(await grow(one, parameters, note, made));
  // Python's training gives a booster that went through its text, which ends with the best iteration and has short gains.
  const text = await booster.toText();
  const kept = one.way === 'steps' ? booster : made.use(await Booster.fromText(text));
  const table = tableOf(one, one.validation);
  const score = async (options: PredictOptions, from = booster): Promise<number[]> => [
    ...(await from.predict(table, options)),
  ];
  const range = { start: 1, iterations: 2 };
  const plain = (from: string): string => from.replaceAll(folder, FOLDER);
  const outcome: ParityOutcome = {
    text: plain(await kept.toText()),
    'text of two iterations': plain(await kept.toText({ ...range, importance: 'gain' })),
    dump: flatten(JSON.parse(await kept.dump())),
    history,
    iterations: [kept.iterations, booster.bestIteration, booster.classes, booster.features],
    value: await score({}),
    raw: await score({ kind: 'raw' }),
    leaf: await score({ kind: 'leaf' }),
    'raw of two iterations': await score({ kind: 'raw', ...range }, kept),
    // Of forests the library stops only those that went through their text.
    'stopped early': await score({ parameters: { pred_early_stop: true, pred_early_stop_freq: 1 } }, kept),
    splits: [...kept.importance('split')],
    gains: [...kept.importance('gain')],
  };
  if (/^\[linear_tree: 1\]$/m.test(text)) return outcome;
  const model = TreeModel.parse(text);
  return {
    ...outcome,
    contribution: await score({ kind: 'contribution' }),
    'value in TypeScript': [...model.predict(table)],
    'raw in TypeScript': [...model.predict(table, { kind: 'raw' })],
    'leaf in TypeScript': [...model.predict(table, { kind: 'leaf' })],
  };
}

async function grow(
  one: ParityCase,
  parameters: Parameters,
  note: (evaluations: readonly Evaluation[]) => void,
  made: DisposableStack,
): Promise<Booster> {
  const sets = await datasetsOf(one, parameters, made);
  const options: TrainOptions = {
    ...sets,
    parameters,
    rounds: one.rounds,
    evaluateTraining: true,
    onIteration: ({ evaluations }) => note(evaluations),
  };
  if (one.way === 'train') return train(options);
  if (one.way === 'custom') return train({ ...options, objective: residuals(one), metrics: [meanOf] });
  if (one.way === 'resume') {
    using first = await train({ ...options, rounds: 3 });
    return await train({ ...options, from: first });
  }
  return byHand(one, parameters, note, made);
}

/** A training by hand: two trees, two with another rate, one taken back, one more. */
async function byHand(
  one: ParityCase,
  parameters: Parameters,
  note: (evaluations: readonly Evaluation[]) => void,
  made: DisposableStack,
): Promise<Booster> {
  const data = made.use(await datasetOf(one, one.training, parameters));
  const held = made.use(await datasetOf(one, one.validation, parameters, data));
  const booster = await Booster.create(data, parameters);
  await booster.addValidation(held);
  const evaluate = async (): Promise<void> => {
    for (const set of [0, 1])
      note(
        [...(await booster.evaluate(set))].map((value) => ({
          dataset: '',
          metric: '',
          value,
          higherIsBetter: false,
        })),
      );
  };
  for (const rate of [null, null, 0.05, null]) {
    if (rate !== null) booster.resetParameters({ learning_rate: rate });
    await booster.update();
    await evaluate();
  }
  booster.rollback();
  await evaluate();
  await booster.update();
  await evaluate();
  return booster;
}

async function datasetsOf(
  one: ParityCase,
  parameters: Parameters,
  made: DisposableStack,
): Promise<Pick<TrainOptions, 'data' | 'validation'>> {
  if (one.isLate)
    return {
      data: trainingTable(one, one.training),
      validation: { held: trainingTable(one, one.validation) },
    };
  const data = made.use(await datasetOf(one, one.training, parameters));
  return { data, validation: { held: made.use(await datasetOf(one, one.validation, parameters, data)) } };
}

async function datasetOf(
  one: ParityCase,
  rows: ParityRows,
  parameters: Parameters,
  reference?: Dataset,
): Promise<Dataset> {
  const { table, ...fields } = trainingTable(one, rows);
  const options: DatasetOptions = { ...fields, parameters, reference, keepTable: true };
  if (one.form !== 'stream' || one.way === 'resume') return createDataset(table, options);
  const matrix = table as Matrix;
  using stream = await DatasetStream.open({
    ...options,
    rows: matrix.rows,
    ...(reference === undefined ? { sample: table } : {}),
  });
  // Datasets for linear trees are made of one block.
  const half = isLinear(resolveParameters(parameters)) ? 0 : Math.floor(matrix.rows / 2);
  const split = half * matrix.columns;
  await stream.push({ ...matrix, rows: half, values: matrix.values.subarray(0, split) });
  await stream.push({ ...matrix, rows: matrix.rows - half, values: matrix.values.subarray(split) });
  return stream.finish();
}

function trainingTable(one: ParityCase, rows: ParityRows): TrainingTable {
  const { label, weight, group, initScore } = rows;
  return {
    table: tableOf(one, rows),
    label: Float64Array.from(label),
    ...(weight === null ? {} : { weight: Float64Array.from(weight) }),
    ...(group === null ? {} : { group: Int32Array.from(group) }),
    ...(initScore === null ? {} : { initScore: Float64Array.from(initScore) }),
    categorical: one.categorical,
    ...(one.featureNames === null ? {} : { featureNames: one.featureNames }),
  };
}

function tableOf({ columns, isFloat, form }: ParityCase, { x, label }: ParityRows): NumericTable {
  const make = (length: number, next: (at: number) => number): Float32Array | Float64Array =>
    isFloat
      ? Float32Array.from({ length }, (_, at) => next(at))
      : Float64Array.from({ length }, (_, at) => next(at));
  const rows = label.length;
  const at = (row: number, column: number): number => x[row * columns + column] ?? NaN;
  if (form === 'columns')
    return { columns: Array.from({ length: columns }, (_, column) => make(rows, (row) => at(row, column))) };
  const values =
    form === 'column'
      ? make(x.length, (cell) => at(cell % rows, Math.floor(cell / rows)))
      : make(x.length, (cell) => x[cell] ?? NaN);
  return { values, rows, columns, layout: form === 'column' ? 'column' : 'row' };
}

/** Squared errors, by label and class. */
function residuals({ training, classes }: ParityCase): CustomObjective {
  const { label } = training;
  return (scores) => ({
    gradient: Float32Array.from(scores, (score, at) => {
      const row = at % label.length;
      const wanted = classes === 1 ? label[row]! : Number(label[row] === Math.floor(at / label.length));
      return score - wanted;
    }),
    hessian: new Float32Array(scores.length).fill(1),
  });
}

/** Adds up what is predicted, one after the other. */
const meanOf: CustomMetric = (predictions) => {
  let sum = 0;
  for (const prediction of predictions) sum += prediction;
  return { metric: 'mean', value: sum / predictions.length, higherIsBetter: false };
};

/** The numbers of a JSON document in their order; texts count by their length. */
function flatten(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value === 'boolean') return [Number(value)];
  if (typeof value === 'string') return [value.length];
  if (value === null) return [NaN];
  return Object.values(value as object).flatMap(flatten);
}
