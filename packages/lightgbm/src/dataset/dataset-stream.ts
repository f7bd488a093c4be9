import { LightgbmError } from '../lightgbm-error.ts';
import { callInThread } from '../library/engine-threads.ts';
import { NativeHandle } from '../library/native-handle.ts';
import {
  formatParameters,
  resolveParameters,
  type Parameters,
  type ResolvedParameters,
} from '../parameters/parameters.ts';
import { isLinear } from './dataset-shape.ts';
import { Dataset, datasetParameters, type DatasetOptions } from './dataset.ts';
import { checkFields, readFields } from './given-fields.ts';
import { interleave, isMatrix, shapeOf, typeCode, type NumericTable } from './numeric-table.ts';
import { createFromSample, sampleIndices } from './sampled-columns.ts';

/** A dataset whose rows come later. */
export interface StreamOptions extends DatasetOptions {
  /** Of all blocks together. */
  readonly rows: number;
  /**
   * What the bins come from, where there is no reference: the rows of {@link DatasetStream.sampleRows}, in their order, or the
   * whole table, where it is at hand.
   */
  readonly sample?: NumericTable;
}

/** A dataset that is being filled: `push` until all rows are there, then `finish`. */
export class DatasetStream implements Disposable {
  readonly #handle: NativeHandle;
  readonly #options: StreamOptions;
  readonly #parameters: ResolvedParameters;
  readonly #features: number;
  #pushed = 0;
  #block = new Float64Array(0);

  private constructor(
    handle: NativeHandle,
    options: StreamOptions,
    parameters: ResolvedParameters,
    features: number,
  ) {
    this.#handle = handle;
    this.#options = options;
    this.#parameters = parameters;
    this.#features = features;
  }

  /**
   * Which rows are needed to find the bins before the first row can be pushed.
   * @param rows of the whole dataset
   * @param parameters `bin_construct_sample_cnt` (200,000 by default), `data_random_seed`
   * @returns their numbers, rising
   */
  static sampleRows(rows: number, parameters: Parameters = {}): Promise<Int32Array> {
    return sampleIndices(rows, formatParameters(resolveParameters(parameters)));
  }

  /**
   * @param options rows, and sample or reference
   * @returns a stream
   * @throws LightgbmError when neither or both are given, or LightGBM refuses them
   */
  static async open(options: StreamOptions): Promise<DatasetStream> {
    const { rows, sample, reference } = options;
    if (reference !== undefined) {
      const parameters = datasetParameters(options, reference.features);
      const out = new BigUint64Array(1);
      await reference.handle.during((address) =>
        callInThread('LGBM_DatasetCreateByReference', address, rows, out),
      );
      const handle = new NativeHandle('dataset', out[0]!, 'LGBM_DatasetFree');
      return new DatasetStream(handle, options, parameters, reference.features);
    }
    if (sample === undefined)
      throw new LightgbmError('a stream needs to know its bins', {
        expected: 'a sample of its rows, or a reference',
        found: 'neither',
      });
    const shape = shapeOf(sample);
    const parameters = datasetParameters(options, shape.columns);
    const text = formatParameters(parameters);
    const indices = await sampleIndices(rows, text);
    if (shape.rows !== rows && shape.rows !== indices.length)
      throw new LightgbmError('the sample of a stream is of another size', {
        expected: `the ${indices.length} rows that sampleRows names, or all ${rows}`,
        found: `${shape.rows}`,
      });
    const address = await createFromSample(sample, shape.rows === rows ? indices : null, rows, parameters);
    const handle = new NativeHandle('dataset', address, 'LGBM_DatasetFree');
    return new DatasetStream(handle, options, parameters, shape.columns);
  }

  /**
   * Adds rows after those that are there. Blocks must not be pushed at the same time.
   * @param table rows; a matrix of rows is read where it lies
   * @throws LightgbmError when they are too many, have another width, the label or weight of one is missing, or LightGBM refuses them
   */
  async push(table: NumericTable): Promise<void> {
    const { rows, columns } = shapeOf(table);
    if (columns !== this.#features || this.#pushed + rows > this.#options.rows)
      throw new LightgbmError('a block does not fit into the dataset', {
        expected: `at most ${this.#options.rows - this.#pushed} rows of ${this.#features} columns`,
        found: `${rows} rows of ${columns} columns`,
      });
    if (rows === 0) return;
    // The library makes room for the numbers of one block, and would write those of the next one behind it.
    if (rows !== this.#options.rows && isLinear(this.#parameters))
      throw new LightgbmError('a dataset for linear trees cannot be made of blocks', {
        expected: `one block of ${this.#options.rows} rows`,
        found: `${rows} rows`,
        remedy: 'Push all rows at once, use `createDataset`, or leave `linear_tree` out.',
      });
    checkFields(this.#options, this.#options.rows, this.#pushed, this.#pushed + rows);
    const values = this.#rowMajor(table, rows, columns);
    const start = this.#pushed;
    this.#pushed += rows;
    await this.#handle.during((address) =>
      callInThread('LGBM_DatasetPushRows', address, values, typeCode(values), rows, columns, start),
    );
  }

  /**
   * @param table to keep with the dataset, if any
   * @returns the dataset; the stream is of no more use
   * @throws LightgbmError when rows, or labels or weights of some, are missing
   */
  finish(table: NumericTable | null = null): Dataset {
    const { rows } = this.#options;
    if (this.#pushed !== rows)
      throw new LightgbmError('rows of the dataset are missing', {
        expected: `${rows}`,
        found: `${this.#pushed}`,
      });
    // Not before: labels may be filled in while rows are pushed.
    const fields = readFields(this.#options, rows);
    this.#isFinished = true;
    const dataset = new Dataset(this.#handle, { rows, features: this.#features }, this.#parameters, table);
    return Dataset.complete(dataset, fields, this.#options.featureNames);
  }

  #isFinished = false;

  /** Frees what was pushed, unless it was finished. */
  [Symbol.dispose](): void {
    if (!this.#isFinished) this.#handle.dispose();
  }

  #rowMajor(table: NumericTable, rows: number, columns: number): Float32Array | Float64Array {
    if (isMatrix(table) && table.layout === 'row') return table.values;
    if (this.#block.length < rows * columns) this.#block = new Float64Array(rows * columns);
    interleave(isMatrix(table) ? splitColumns(table.values, rows) : table.columns, 0, rows, this.#block);
    return this.#block;
  }
}

function splitColumns(values: Float32Array | Float64Array, rows: number): (Float32Array | Float64Array)[] {
  return Array.from({ length: values.length / rows }, (_, column) =>
    values.subarray(column * rows, (column + 1) * rows),
  );
}
