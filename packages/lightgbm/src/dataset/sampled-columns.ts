import { addressOf } from '../library/native-library.ts';
import { callHolding, callInThread } from '../library/engine-threads.ts';
import { formatParameters, type ResolvedParameters } from '../parameters/parameters.ts';
import { columnsToClean, isNegativeCategory } from './categorical-columns.ts';
import { type NumericTable, isMatrix } from './numeric-table.ts';

/** Below it, LightGBM takes a value for zero (`kZeroThreshold`, a float). */
const ZERO = Math.fround(1e-35);

/** The sampled values of each column that are not zero, and in which rows of the sample they are. */
interface Sample {
  readonly values: readonly Float64Array[];
  readonly rows: readonly Int32Array[];
  readonly counts: Int32Array;
}

/**
 * The rows that LightGBM bases the bins on: all, or `bin_construct_sample_cnt` of them.
 * @param rows of the whole dataset
 * @param parameters as text
 * @returns their numbers, rising
 */
export async function sampleIndices(rows: number, parameters: string): Promise<Int32Array> {
  const count = new Int32Array(1);
  await callInThread('LGBM_GetSampleCount', rows, parameters, count);
  const indices = new Int32Array(count[0]!);
  await callInThread('LGBM_SampleIndices', rows, parameters, indices, count);
  return indices.subarray(0, count[0]!);
}

/**
 * Makes a dataset without rows whose bins follow from a sample.
 * @param sample of rows
 * @param indices which rows of `sample` count; all where null
 * @param rows of the dataset to come
 * @param parameters of it
 * @returns address of the dataset
 */
export async function createFromSample(
  sample: NumericTable,
  indices: Int32Array | null,
  rows: number,
  parameters: ResolvedParameters,
): Promise<bigint> {
  const { values, rows: at, counts } = collect(sample, indices, columnsToClean(parameters));
  const out = new BigUint64Array(1);
  const sampleRows = indices?.length ?? (isMatrix(sample) ? sample.rows : sample.columns[0]!.length);
  const valueAddresses = BigUint64Array.from(values, addressOf);
  const rowAddresses = BigUint64Array.from(at, addressOf);
  await callHolding(
    [values, at],
    'LGBM_DatasetCreateFromSampledColumn',
    valueAddresses,
    rowAddresses,
    values.length,
    counts,
    sampleRows,
    rows,
    rows,
    formatParameters(parameters),
    out,
  );
  return out[0]!;
}

function collect(table: NumericTable, indices: Int32Array | null, clean: ReadonlySet<number>): Sample {
  const width = isMatrix(table) ? table.columns : table.columns.length;
  const count = indices?.length ?? (isMatrix(table) ? table.rows : (table.columns[0]?.length ?? 0));
  const counts = new Int32Array(width);
  const values: Float64Array[] = [];
  const rows: Int32Array[] = [];
  for (let column = 0; column < width; column++) {
    const { array, offset, stride } = columnOf(table, column);
    // Never empty, so that it has an address.
    const kept = new Float64Array(count + 1);
    const at = new Int32Array(count + 1);
    let found = 0;
    for (let i = 0; i < count; i++) {
      let value = array[offset + (indices === null ? i : indices[i]!) * stride]!;
      if (isNegativeCategory(value) && clean.has(column)) value = NaN;
      if (Math.abs(value) <= ZERO) continue;
      kept[found] = value;
      at[found++] = i;
    }
    counts[column] = found;
    values.push(kept);
    rows.push(at);
  }
  return { values, rows, counts };
}

function columnOf(
  table: NumericTable,
  column: number,
): { array: ArrayLike<number>; offset: number; stride: number } {
  if (!isMatrix(table)) return { array: table.columns[column]!, offset: 0, stride: 1 };
  return table.layout === 'row'
    ? { array: table.values, offset: column, stride: table.columns }
    : { array: table.values, offset: column * table.rows, stride: 1 };
}
