import { LightgbmError } from '../lightgbm-error.ts';
import { addressOf, loadLightgbm } from '../library/native-library.ts';
import { typeCode } from './numeric-table.ts';

/** Fields of a dataset, by LightGBM's names. */
export type Field = 'label' | 'weight' | 'init_score' | 'group';

/**
 * Sets a field. Labels and weights are floats in LightGBM, scores are doubles: others are converted.
 * @param dataset address
 * @param field which one
 * @param values of it
 * @param rows of the dataset
 * @throws LightgbmError when they do not fit
 */
export function setField(
  dataset: bigint,
  field: Field,
  values: Float32Array | Float64Array | Int32Array,
  rows: number,
): void {
  const fits =
    field === 'init_score' ? values.length % rows === 0 && values.length > 0 : values.length === rows;
  if (field !== 'group' && !fits)
    throw new LightgbmError(`${field} has the wrong length`, {
      expected: field === 'init_score' ? `${rows} values a class` : `${rows} values`,
      found: `${values.length}`,
    });
  const converted = convert(field, values);
  loadLightgbm().call(
    'LGBM_DatasetSetField',
    dataset,
    field,
    converted,
    converted.length,
    typeCode(converted),
  );
}

function convert(
  field: Field,
  values: Float32Array | Float64Array | Int32Array,
): Float32Array | Float64Array | Int32Array {
  if (field === 'group') return values instanceof Int32Array ? values : Int32Array.from(values);
  if (field === 'init_score') return values instanceof Float64Array ? values : Float64Array.from(values);
  return values instanceof Float32Array ? values : Float32Array.from(values);
}

/**
 * Names the features.
 * @param dataset address
 * @param names one a feature
 * @param features how many there are
 * @throws LightgbmError when their number is wrong or LightGBM refuses one
 */
export function setFeatureNames(dataset: bigint, names: readonly string[], features: number): void {
  if (names.length !== features)
    throw new LightgbmError('the names of the features do not fit', {
      expected: `${features} names`,
      found: `${names.length}`,
    });
  const texts = names.map((name) => Buffer.from(`${name}\0`));
  loadLightgbm().call(
    'LGBM_DatasetSetFeatureNames',
    dataset,
    BigUint64Array.from(texts, addressOf),
    texts.length,
  );
}
