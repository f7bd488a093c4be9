import { createDataset } from '../dataset/create-dataset.ts';
import { Dataset, type DatasetOptions } from '../dataset/dataset.ts';
import type { NumericTable } from '../dataset/numeric-table.ts';
import type { Booster } from '../booster/booster.ts';
import type { Parameters } from '../parameters/parameters.ts';

/** A table that a training bins itself, with its own parameters. */
export interface TrainingTable extends Omit<
  DatasetOptions,
  'parameters' | 'reference' | 'keepTable' | 'signal'
> {
  readonly table: NumericTable;
}

/** What a training is given. */
interface Given {
  readonly data: Dataset | TrainingTable;
  readonly validation?: Readonly<Record<string, Dataset | TrainingTable>>;
  readonly parameters?: Parameters;
  readonly from?: Booster;
  readonly signal?: AbortSignal;
}

/** Datasets of a training; those that were made for it are freed as soon as its booster does not need them any more. */
export interface TrainingDatasets extends Disposable {
  readonly all: { readonly data: Dataset; readonly validation: Readonly<Record<string, Dataset>> };
}

/**
 * Bins what is not yet binned, validation sets as the training set is.
 * @param given datasets and tables
 * @returns datasets
 * @throws LightgbmError when one of them is wrong
 */
export async function makeDatasets(given: Given): Promise<TrainingDatasets> {
  const { parameters, from, signal } = given;
  using made = new DisposableStack();
  const make = async (one: Dataset | TrainingTable, reference?: Dataset): Promise<Dataset> => {
    if (one instanceof Dataset) return one;
    const { table, ...options } = one;
    // A training that goes on predicts the table first.
    const keepTable = from !== undefined;
    return made.use(await createDataset(table, { ...options, parameters, reference, keepTable, signal }));
  };
  const data = await make(given.data);
  const validation: Record<string, Dataset> = {};
  for (const [name, one] of Object.entries(given.validation ?? {})) validation[name] = await make(one, data);
  const kept = made.move();
  return { all: { data, validation }, [Symbol.dispose]: () => kept.dispose() };
}
