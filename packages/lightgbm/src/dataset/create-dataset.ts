import { callInThread } from '../library/engine-threads.ts';
import { NativeHandle } from '../library/native-handle.ts';
import { formatParameters } from '../parameters/parameters.ts';
import { cleanCategories, columnsToClean } from './categorical-columns.ts';
import { DatasetStream } from './dataset-stream.ts';
import { Dataset, datasetParameters, type DatasetOptions } from './dataset.ts';
import { readFields } from './given-fields.ts';
import { isLinear } from './dataset-shape.ts';
import { interleave, isMatrix, shapeOf, typeCode, type Matrix, type NumericTable } from './numeric-table.ts';

/** Rows pushed at a time where columns have to be interleaved: with 40 columns of doubles, 10 MB. */
const BLOCK_ROWS = 32_768;

/**
 * Bins a table. A matrix is read where it lies. Columns are pushed in blocks of {@link BLOCK_ROWS} rows, which gives the same
 * bins without ever copying the table; but for linear trees, which need it as a whole.
 * @param table of numbers; NaN is missing
 * @param options label, weights and so on
 * @returns the dataset
 * @throws LightgbmError when LightGBM refuses it
 */
export async function createDataset(table: NumericTable, options: DatasetOptions = {}): Promise<Dataset> {
  const { rows, columns } = shapeOf(table);
  if (isMatrix(table)) return fromMatrix(table, options, table);
  if (isLinear(datasetParameters(options, columns))) {
    const values = new Float64Array(rows * columns);
    interleave(table.columns, 0, rows, values);
    return fromMatrix({ values, rows, columns, layout: 'row' }, options, table);
  }
  readFields(options, rows);
  const stream = await DatasetStream.open({ ...options, rows, sample: table });
  try {
    for (let start = 0; start < rows; start += BLOCK_ROWS) {
      options.signal?.throwIfAborted();
      const end = Math.min(rows, start + BLOCK_ROWS);
      await stream.push({ columns: table.columns.map((column) => column.subarray(start, end)) });
    }
    return stream.finish(options.keepTable === true ? table : null);
  } finally {
    stream[Symbol.dispose]();
  }
}

/** The table that is kept may be another one than the matrix that it was made. */
async function fromMatrix(matrix: Matrix, options: DatasetOptions, table: NumericTable): Promise<Dataset> {
  const { rows, columns, layout } = matrix;
  const parameters = datasetParameters(options, columns);
  const { values } = cleanCategories(matrix, columnsToClean(parameters));
  const fields = readFields(options, rows);
  const out = new BigUint64Array(1);
  options.signal?.throwIfAborted();
  const create = (reference: bigint | null): Promise<void> =>
    callInThread(
      'LGBM_DatasetCreateFromMat',
      values,
      typeCode(values),
      rows,
      columns,
      layout === 'row' ? 1 : 0,
      formatParameters(parameters),
      reference,
      out,
    );
  if (options.reference === undefined) await create(null);
  else await options.reference.handle.during(create);
  const handle = new NativeHandle('dataset', out[0]!, 'LGBM_DatasetFree');
  return Dataset.complete(
    new Dataset(handle, { rows, features: columns }, parameters, options.keepTable === true ? table : null),
    fields,
    options.featureNames,
  );
}
