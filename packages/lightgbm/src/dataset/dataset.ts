import { loadLightgbm } from '../library/native-library.ts';
import type { NativeHandle } from '../library/native-handle.ts';
import { resolveParameters, type Parameters, type ResolvedParameters } from '../parameters/parameters.ts';
import { checkReferences } from '../parameters/referenced-features.ts';
import { categoricalColumns } from './categorical-columns.ts';
import { withDataset } from './dataset-shape.ts';
import { readField, setFeatureNames, setField, type Field, type FieldValues } from './fields.ts';
import type { ReadFields } from './given-fields.ts';
import type { NumericTable } from './numeric-table.ts';

/** What a dataset is made of besides its features. */
export interface DatasetOptions {
  /** Those that shape a dataset: `max_bin`, `min_data_in_bin`, `num_threads` … by LightGBM's names. Those of a training may be among them. */
  readonly parameters?: Parameters;
  /** What is to be predicted, one a row; none may be missing. */
  readonly label?: Float32Array | Float64Array;
  /** Of the rows, not negative; all alike where not given. */
  readonly weight?: Float32Array | Float64Array;
  /** Raw scores to start from: one a row, or class after class. */
  readonly initScore?: Float32Array | Float64Array;
  /** Rows of each query, for ranking. */
  readonly group?: Int32Array;
  /** Numbers of the columns whose values are categories: whole numbers from 0 on; negative ones and NaN are missing. */
  readonly categorical?: readonly number[];
  /** Without white space, colons, commas, quotes, brackets. `Column_0` and so on where not given. */
  readonly featureNames?: readonly string[];
  /** Gives its bins to this dataset, as a validation set must have those of the training set. */
  readonly reference?: Dataset;
  /** Keeps the table for a later training that goes on from an earlier one. Not copied. */
  readonly keepTable?: boolean;
  /** Ends the work between two blocks of rows. */
  readonly signal?: AbortSignal;
}

/**
 * Data as LightGBM learns from it: binned, in memory of the library. Dispose of it (`using`), or let it be collected. A booster
 * that was made of it keeps it alive.
 */
export class Dataset implements Disposable {
  readonly rows: number;
  readonly features: number;
  /** As given, by their first names, and those that follow from other options. */
  readonly parameters: ResolvedParameters;
  /** The table it was made of, where it was to be kept. */
  readonly table: NumericTable | null;
  readonly #handle: NativeHandle;
  readonly #fields = new Set<Field>();

  /**
   * For the makers of datasets.
   * @param handle of the library's object
   * @param shape rows and features
   * @param parameters it was made with
   * @param table kept
   */
  constructor(
    handle: NativeHandle,
    shape: { readonly rows: number; readonly features: number },
    parameters: ResolvedParameters,
    table: NumericTable | null = null,
  ) {
    this.#handle = handle;
    this.rows = shape.rows;
    this.features = shape.features;
    this.parameters = parameters;
    this.table = table;
  }

  /**
   * Gives a dataset its fields and names, or frees it when LightGBM refuses one.
   * @param dataset whose rows are there
   * @param fields of it
   * @param featureNames of it
   * @returns the dataset
   */
  static complete(dataset: Dataset, fields: ReadFields, featureNames?: readonly string[]): Dataset {
    try {
      for (const [field, values] of fields) dataset.#set(field, values);
      if (featureNames !== undefined)
        setFeatureNames(dataset.#handle.address, featureNames, dataset.features);
      return dataset;
    } catch (error) {
      dataset[Symbol.dispose]();
      throw error;
    }
  }

  /** The library's object. For boosters. */
  get handle(): NativeHandle {
    return this.#handle;
  }

  /**
   * Sets label, weights, query sizes or scores to start from; copied by LightGBM. Weights that are all 1 are none.
   * @param field by LightGBM's name
   * @param values one a row (for `init_score` also one a row and class, class after class; for `group` one a query)
   * @throws LightgbmError when the length is wrong, a number is missing, or LightGBM refuses them
   */
  setField(field: Field, values: FieldValues): void {
    this.#set(field, readField(field, values, this.rows));
  }

  #set(field: Field, values: FieldValues | null): void {
    setField(this.#handle.address, field, values);
    if (values === null) this.#fields.delete(field);
    else this.#fields.add(field);
  }

  /**
   * @param field by LightGBM's name
   * @returns whether it was set
   */
  hasField(field: Field): boolean {
    return this.#fields.has(field);
  }

  /** Frees it, as soon as no booster needs it any more. May be called twice. */
  [Symbol.dispose](): void {
    this.#handle.dispose();
  }
}

/**
 * @param options of a dataset
 * @param columns of its table
 * @returns its parameters, the categorical columns among them; those of the reference where there is one
 * @throws LightgbmError when one is unknown or wrong, or the reference was made with others
 */
export function datasetParameters(options: DatasetOptions, columns: number): ResolvedParameters {
  const { reference } = options;
  const resolved = resolveParameters(options.parameters ?? {});
  const categorical = categoricalColumns(options, resolved, columns);
  const parameters: ResolvedParameters = {
    ...resolved,
    ...(categorical.length === 0 ? {} : { categorical_feature: categorical.join(',') }),
  };
  checkReferences(parameters, columns);
  return reference === undefined ? parameters : withDataset(reference, parameters, 'a dataset');
}

/**
 * Bounds the OpenMP threads of everything that LightGBM does in this process, whatever `num_threads` says.
 * @param threads at least 1; -1 takes the bound away
 */
export function setMaxThreads(threads: number): void {
  loadLightgbm().call('LGBM_SetMaxThreads', threads);
}
