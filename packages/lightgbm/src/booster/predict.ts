import { interleave, isMatrix, shapeOf, typeCode, type NumericTable } from '../dataset/numeric-table.ts';
import { LightgbmError } from '../lightgbm-error.ts';
import { callInThread } from '../library/engine-threads.ts';
import { loadLightgbm } from '../library/native-library.ts';
import { formatParameters, resolveParameters, type Parameters } from '../parameters/parameters.ts';

/**
 * `value`: what the objective predicts (a probability, a mean); `raw`: before its transformation; `leaf`: number of the leaf in
 * each tree; `contribution`: SHAP values of the raw score, one a feature and then the expected value.
 */
export type PredictionKind = 'value' | 'raw' | 'leaf' | 'contribution';

/** How to predict. */
export interface PredictOptions {
  /** `value` by default. */
  readonly kind?: PredictionKind;
  /** Receives the values; exactly as long as there are any. */
  readonly into?: Float64Array;
  /** First iteration; 0 by default. */
  readonly start?: number;
  /** How many iterations; up to the best one, or all where none is known, by default. */
  readonly iterations?: number;
  /** `num_threads`, `pred_early_stop` and so on; those of a training may be among them. */
  readonly parameters?: Parameters;
  /** Ends the work between two blocks of rows. */
  readonly signal?: AbortSignal;
}

const KIND: Readonly<Record<PredictionKind, number>> = { value: 0, raw: 1, leaf: 2, contribution: 3 };

/** Rows at a time, so that an abort is heeded and columns need not be copied as a whole. */
const BLOCK_ROWS = 131_072;
const COLUMN_BLOCK_ROWS = 16_384;

/**
 * Predicts a table block by block.
 * @param booster address
 * @param table with the columns of the model
 * @param options what to predict
 * @returns values row by row
 * @throws LightgbmError when table or buffer do not fit
 */
export async function predict(
  booster: bigint,
  table: NumericTable,
  options: PredictOptions,
): Promise<Float64Array> {
  const { kind = 'value', start = 0, iterations = -1, parameters = {}, signal } = options;
  const { rows, columns } = shapeOf(table);
  const length = new BigInt64Array(1);
  loadLightgbm().call('LGBM_BoosterCalcNumPredict', booster, 1, KIND[kind], start, iterations, length);
  const width = Number(length[0]);
  const out = options.into ?? new Float64Array(rows * width);
  if (out.length !== rows * width)
    throw new LightgbmError('the buffer for predictions is of the wrong length', {
      expected: `${rows} × ${width} values`,
      found: `${out.length}`,
    });
  const text = formatParameters(resolveParameters(parameters));
  const run = (
    values: Float32Array | Float64Array,
    from: number,
    count: number,
    isRowMajor: boolean,
  ): Promise<void> =>
    callInThread(
      'LGBM_BoosterPredictForMat',
      booster,
      values,
      typeCode(values),
      count,
      columns,
      isRowMajor ? 1 : 0,
      KIND[kind],
      start,
      iterations,
      text,
      length,
      out.subarray(from * width, (from + count) * width),
    );
  signal?.throwIfAborted();
  if (rows === 0) return out;
  if (isMatrix(table) && table.layout === 'column') await run(table.values, 0, rows, false);
  else {
    const step = isMatrix(table) ? BLOCK_ROWS : Math.min(rows, COLUMN_BLOCK_ROWS);
    const block = isMatrix(table) ? null : new Float64Array(step * columns);
    for (let from = 0; from < rows; from += step) {
      signal?.throwIfAborted();
      const count = Math.min(step, rows - from);
      if (isMatrix(table)) {
        await run(table.values.subarray(from * columns, (from + count) * columns), from, count, true);
      } else {
        interleave(table.columns, from, count, block!);
        await run(block!, from, count, true);
      }
    }
  }
  return out;
}
