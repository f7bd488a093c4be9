import { LightgbmError } from '../lightgbm-error.ts';
import { addressOf, loadLightgbm } from '../library/native-library.ts';
import { typeCode } from './numeric-table.ts';

/** Fields of a dataset, by LightGBM's names. */
export type Field = 'label' | 'weight' | 'init_score' | 'group';

/** Numbers of a field. */
export type FieldValues = Float32Array | Float64Array | Int32Array;

/** What fields are called where they are given. */
const OPTIONS: Readonly<Record<Field, string>> = {
  label: 'label',
  weight: 'weight',
  init_score: 'initScore',
  group: 'group',
};

/** What LightGBM cuts numbers off at, in silence. */
const MOST_FLOAT = 1e38;
const MOST_DOUBLE = 1e300;

/**
 * Checks a field, and converts it to the type that LightGBM takes: labels and weights are floats, scores doubles. The library would
 * take what is missing for 0 and what is infinite for a huge number, and pass over both in silence.
 * @param field which one
 * @param values of it
 * @param rows of the dataset
 * @returns the values, converted where need be; null for weights that are all 1: as in Python these are none, since with weights
 * LightGBM computes quantiles in another way
 * @throws LightgbmError when they do not fit the rows, or a number is missing or cannot be
 */
export function readField(field: Field, values: FieldValues, rows: number): FieldValues | null {
  if (field === 'group') return readGroup(values, rows);
  const fits =
    field === 'init_score' ? values.length % rows === 0 && values.length > 0 : values.length === rows;
  if (!fits)
    throw new LightgbmError(`${OPTIONS[field]} has the wrong length`, {
      expected: field === 'init_score' ? `${rows} values a class` : `${rows} values`,
      found: `${values.length}`,
    });
  checkValues(field, values, rows, 0, values.length);
  if (field === 'init_score') return asType(Float64Array, values);
  // As in Python, before they are made floats.
  return field === 'weight' && values.every((value) => value === 1) ? null : asType(Float32Array, values);
}

/**
 * Checks numbers of a label, weights or scores.
 * @param field which one
 * @param values of it
 * @param rows of the dataset
 * @param from first value
 * @param to one past the last
 * @throws LightgbmError with the first one that is missing or cannot be
 */
export function checkValues(field: Field, values: FieldValues, rows: number, from: number, to: number): void {
  const most = field === 'init_score' ? MOST_DOUBLE : MOST_FLOAT;
  const least = field === 'weight' ? 0 : -most;
  for (let at = from; at < to; at++) {
    const value = values[at]!;
    if (!(value >= least && value <= most)) throw wrongValue(field, values, at, rows);
  }
}

function readGroup(values: FieldValues, rows: number): Int32Array {
  const odd = values.findIndex((size) => !Number.isInteger(size) || size < 0);
  if (odd !== -1)
    throw new LightgbmError('a group has no size', {
      expected: 'a whole number of rows',
      found: `${values[odd]} for group ${odd}`,
    });
  let sum = 0;
  for (const size of values) sum += size;
  if (sum !== rows)
    throw new LightgbmError('the groups do not cover the rows', {
      expected: `sizes that add up to ${rows}`,
      found: `${values.length} groups of ${sum} rows`,
    });
  return asType(Int32Array, values) as Int32Array;
}

function wrongValue(field: Field, values: FieldValues, at: number, rows: number): LightgbmError {
  const value = values[at]!;
  const isScore = field === 'init_score';
  const most = isScore ? MOST_DOUBLE : MOST_FLOAT;
  const place = `row ${at % rows}${isScore && values.length > rows ? ` for class ${Math.floor(at / rows)}` : ''}`;
  const count = values.filter((one) => Number.isNaN(one)).length;
  const more = Number.isNaN(value) && count > 1 ? `, the first of ${count} that are missing` : '';
  const remedy = {
    label: 'Leave rows without a label out.',
    weight: 'Leave the row out, or give it a weight of 0.',
    init_score: 'Leave the row out, or start it from 0.',
    group: '',
  }[field];
  return new LightgbmError(`${OPTIONS[field]} holds a value that nothing can be learnt from`, {
    expected: `numbers from ${field === 'weight' ? 0 : `-${most}`} to ${most}`,
    found: `${value} in ${place}${more}`,
    remedy,
  });
}

function asType(
  type: Float32ArrayConstructor | Float64ArrayConstructor | Int32ArrayConstructor,
  values: FieldValues,
): FieldValues {
  return values instanceof type ? values : type.from(values);
}

/**
 * Sets a field.
 * @param dataset address
 * @param field which one
 * @param values as {@link readField} gives them; null for none
 * @throws LightgbmError when LightGBM refuses them
 */
export function setField(dataset: bigint, field: Field, values: FieldValues | null): void {
  const length = values?.length ?? 0;
  const type = values === null ? typeCode(new Float32Array(0)) : typeCode(values);
  loadLightgbm().call('LGBM_DatasetSetField', dataset, field, values, length, type);
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
