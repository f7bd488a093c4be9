import type { Dataset } from '../dataset/dataset.ts';
import { LightgbmError } from '../lightgbm-error.ts';
import { callInThread } from '../library/engine-threads.ts';
import { loadLightgbm } from '../library/native-library.ts';
import { NativeHandle } from '../library/native-handle.ts';
import {
  formatParameters,
  joinParameters,
  resolveParameters,
  type Parameters,
  type ResolvedParameters,
} from '../parameters/parameters.ts';
import { checkReferences } from '../parameters/referenced-features.ts';
import { withDataset } from '../dataset/dataset-shape.ts';
import type { NumericTable } from '../dataset/numeric-table.ts';
import { normalizeModelText } from '../scoring/model-text.ts';
import { readNames, readText } from './native-text.ts';
import { predict, type PredictOptions } from './predict.ts';

/** How importance is counted: splits that use the feature, or what they gained. */
export type ImportanceKind = 'split' | 'gain';

/** Which part of a model. */
export interface ModelRange {
  /** First iteration; 0 by default. */
  readonly start?: number;
  /** How many; up to the best one, or all where none is known, by default. */
  readonly iterations?: number;
  /** Of the importances in the text; `split` by default. */
  readonly importance?: ImportanceKind;
}

const IMPORTANCE: Readonly<Record<ImportanceKind, number>> = { split: 0, gain: 1 };

/** What a booster is trained on, and how much it logs. */
interface Origin extends Pick<Dataset, 'rows' | 'features' | 'parameters'> {
  readonly verbosity: string;
}

/** Trees, and while they are trained also the data. Dispose of it (`using`), or let it be collected. */
export class Booster implements Disposable {
  /** How many iterations are best by the validation set; 0 where it is not known. */
  bestIteration = 0;
  readonly #handle: NativeHandle;
  #validations = 0;
  /** Whether it was told that derivatives come from the caller. */
  #isCustom = false;

  /** What it learns from; null where it was loaded from a text. */
  readonly #origin: Origin | null;

  private constructor(handle: NativeHandle, origin: Origin | null) {
    this.#handle = handle;
    this.#origin = origin;
  }

  /**
   * A booster without trees.
   * @param dataset to learn from; kept alive by the booster
   * @param parameters by LightGBM's names; those of the dataset hold where these say nothing
   * @returns the booster
   * @throws LightgbmError when one is unknown, asks for other bins than the dataset has, or LightGBM refuses it
   */
  static create(dataset: Dataset, parameters: Parameters = {}): Promise<Booster> {
    return Booster.createResolved(dataset, resolveParameters(parameters));
  }

  /**
   * The same with parameters that were read before. For trainings.
   * @param dataset to learn from; kept alive by the booster
   * @param parameters by first name
   * @returns the booster
   * @throws LightgbmError when one asks for other bins than the dataset has, or LightGBM refuses it
   */
  static async createResolved(dataset: Dataset, parameters: ResolvedParameters): Promise<Booster> {
    const out = new BigUint64Array(1);
    const { rows, features, parameters: made } = dataset;
    const joined = withDataset(dataset, parameters, 'a training');
    checkReferences(joined, features);
    const text = formatParameters(joined);
    return dataset.handle.during(async (address) => {
      await callInThread('LGBM_BoosterCreate', address, text, out);
      const handle = new NativeHandle('booster', out[0]!, 'LGBM_BoosterFree');
      handle.use(dataset.handle);
      return new Booster(handle, { rows, features, parameters: made, verbosity: joined.verbosity ?? '-1' });
    });
  }

  /**
   * @param text of a model, as LightGBM writes it; ends of lines, blanks there and a mark of byte order do not matter
   * @returns a booster that predicts
   * @throws LightgbmError when it is none, or is damaged
   */
  static async fromText(text: string): Promise<Booster> {
    const out = new BigUint64Array(1);
    const normal = normalizeModelText(text);
    await callInThread('LGBM_BoosterLoadModelFromString', normal, new Int32Array(1), out);
    return new Booster(new NativeHandle('booster', out[0]!, 'LGBM_BoosterFree'), null);
  }

  get iterations(): number {
    return this.#count('LGBM_BoosterGetCurrentIteration');
  }

  /** Values a row that it predicts: classes, or 1. */
  get classes(): number {
    return this.#count('LGBM_BoosterGetNumClasses');
  }

  get features(): number {
    return this.#count('LGBM_BoosterGetNumFeature');
  }

  get featureNames(): string[] {
    return readNames('LGBM_BoosterGetFeatureNames', this.#handle.address, this.features);
  }

  /** Names of the metrics, in the order of {@link evaluate}. */
  get metricNames(): string[] {
    return readNames(
      'LGBM_BoosterGetEvalNames',
      this.#handle.address,
      this.#count('LGBM_BoosterGetEvalCounts'),
    );
  }

  /**
   * Adds the trees of another booster before those that are there; its scores are not added to the data's.
   * @param other booster
   */
  merge(other: Booster): void {
    loadLightgbm().call('LGBM_BoosterMerge', this.#handle.address, other.#handle.address);
  }

  /**
   * Adds a dataset to evaluate.
   * @param dataset made with the training set as its reference; kept alive by the booster
   * @returns its number for {@link evaluate}, from 1 on
   * @throws LightgbmError when LightGBM refuses it
   */
  async addValidation(dataset: Dataset): Promise<number> {
    await this.#handle.during((booster) =>
      dataset.handle.during((data) => callInThread('LGBM_BoosterAddValidData', booster, data)),
    );
    this.#handle.use(dataset.handle);
    return ++this.#validations;
  }

  /**
   * Grows the trees of one iteration.
   * @returns true when no split was found that is worth it
   */
  async update(): Promise<boolean> {
    const out = new Int32Array(1);
    await this.#handle.during((address) => callInThread('LGBM_BoosterUpdateOneIter', address, out));
    return out[0] === 1;
  }

  /**
   * Grows the trees of one iteration for an objective of the caller's.
   * @param gradient of the loss by each raw score, class after class
   * @param hessian second derivatives alike
   * @returns true when no split was found that is worth it
   */
  async updateWith(gradient: Float32Array, hessian: Float32Array): Promise<boolean> {
    // As Python does before the first derivatives; what the library makes of it stands in the model's text.
    if (!this.#isCustom) this.resetParameters({ objective: 'none' });
    this.#isCustom = true;
    const out = new Int32Array(1);
    await this.#handle.during((address) =>
      callInThread('LGBM_BoosterUpdateOneIterCustom', address, gradient, hessian, out),
    );
    return out[0] === 1;
  }

  /** Takes the trees of the last iteration back. */
  rollback(): void {
    loadLightgbm().call('LGBM_BoosterRollbackOneIter', this.#handle.address);
  }

  /**
   * Changes parameters between iterations.
   * @param parameters to change: `learning_rate`, `feature_fraction_seed` …; all others stay as they are
   * @throws LightgbmError when one is unknown, asks for other bins than the dataset has, or LightGBM refuses it
   */
  resetParameters(parameters: Parameters): void {
    const resolved = resolveParameters(parameters);
    if (this.#origin === null)
      throw new LightgbmError('a booster without data has no parameters that could be changed', {
        expected: 'a booster that is trained',
        found: 'one that was loaded from a text',
      });
    checkReferences(withDataset(this.#origin, resolved, 'a training'), this.#origin.features);
    const text = joinParameters({ verbosity: this.#origin.verbosity, ...resolved });
    loadLightgbm().call('LGBM_BoosterResetParameter', this.#handle.address, text);
  }

  /**
   * @param data 0: the training set; from 1 on: validation sets
   * @returns value of each of {@link metricNames}
   */
  async evaluate(data: number): Promise<Float64Array> {
    const out = new Float64Array(this.#count('LGBM_BoosterGetEvalCounts'));
    if (out.length > 0)
      await this.#handle.during((address) =>
        callInThread('LGBM_BoosterGetEval', address, data, new Int32Array(1), out),
      );
    return out;
  }

  /**
   * What the booster now predicts for data that it has: transformed, unless the objective is the caller's.
   * @param data 0: the training set; from 1 on: validation sets
   * @param into receives the values, class after class
   * @returns `into`, or a new array
   */
  async currentPredictions(data: number, into?: Float64Array): Promise<Float64Array> {
    const length = new BigInt64Array(1);
    loadLightgbm().call('LGBM_BoosterGetNumPredict', this.#handle.address, data, length);
    const out = into?.length === Number(length[0]) ? into : new Float64Array(Number(length[0]));
    await this.#handle.during((address) =>
      callInThread('LGBM_BoosterGetPredict', address, data, length, out),
    );
    return out;
  }

  /**
   * Predicts rows.
   * @param table with the columns that the booster was trained on
   * @param options what to predict, and where to
   * @returns values row by row
   * @throws LightgbmError when the table does not fit
   */
  async predict(table: NumericTable, options: PredictOptions = {}): Promise<Float64Array> {
    const iterations = options.iterations ?? this.#upToBest(options.start ?? 0);
    return this.#handle.during((address) => predict(address, table, { ...options, iterations }));
  }

  /**
   * @param kind how it is counted
   * @param iterations of the first so many; all by default
   * @returns a value a feature
   */
  importance(kind: ImportanceKind = 'split', iterations = 0): Float64Array {
    const out = new Float64Array(this.features);
    loadLightgbm().call(
      'LGBM_BoosterFeatureImportance',
      this.#handle.address,
      iterations,
      IMPORTANCE[kind],
      out,
    );
    return out;
  }

  /**
   * @param range which iterations
   * @returns the model as text, which every LightGBM loads
   */
  toText(range: ModelRange = {}): Promise<string> {
    return this.#text('LGBM_BoosterSaveModelToString', range);
  }

  /**
   * @param range which iterations
   * @returns the model as JSON text, for people and tools
   */
  dump(range: ModelRange = {}): Promise<string> {
    return this.#text('LGBM_BoosterDumpModel', range);
  }

  /** Frees it, at the end of what it is doing. May be called twice. */
  [Symbol.dispose](): void {
    this.#handle.dispose();
  }

  async #text(
    name: 'LGBM_BoosterSaveModelToString' | 'LGBM_BoosterDumpModel',
    { start = 0, iterations, importance = 'split' }: ModelRange,
  ): Promise<string> {
    const count = iterations ?? this.#upToBest(start);
    return this.#handle.during((address) => readText(name, address, start, count, IMPORTANCE[importance]));
  }

  /** Iterations from `start` on; -1 for all of them. */
  #upToBest(start: number): number {
    if (this.bestIteration === 0) return -1;
    if (start < this.bestIteration) return this.bestIteration - start;
    throw new LightgbmError('there are no iterations up to the best one', {
      expected: `a start before ${this.bestIteration}`,
      found: `${start}`,
      remedy: 'Say how many, with `iterations`.',
    });
  }

  #count(
    name:
      | 'LGBM_BoosterGetCurrentIteration'
      | 'LGBM_BoosterGetNumClasses'
      | 'LGBM_BoosterGetNumFeature'
      | 'LGBM_BoosterGetEvalCounts',
  ): number {
    const out = new Int32Array(1);
    loadLightgbm().call(name, this.#handle.address, out);
    return out[0]!;
  }
}
