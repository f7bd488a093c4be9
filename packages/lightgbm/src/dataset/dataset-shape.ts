import { LightgbmError } from '../lightgbm-error.ts';
import type { ParameterName } from '../parameters/parameter-names.ts';
import type { ResolvedParameters } from '../parameters/parameters.ts';

/**
 * Parameters that a dataset's bins follow from, and what they are where nobody says. Python hands those of a training to its dataset
 * before it bins it. Here a dataset is binned when it is made, so that a training that asks for others has to be refused: LightGBM
 * passes over most of them, and does not check all of them.
 */
const SHAPING = {
  bin_construct_sample_cnt: '200000',
  categorical_feature: '',
  device_type: 'cpu',
  enable_bundle: 'true',
  feature_pre_filter: 'true',
  forcedbins_filename: '',
  is_enable_sparse: 'true',
  linear_tree: 'false',
  max_bin: '255',
  max_bin_by_feature: '',
  min_data_in_bin: '3',
  use_missing: 'true',
  zero_as_missing: 'false',
} as const satisfies Partial<Record<ParameterName, string>>;

/** Those by which features that can never be split are left out, unless `feature_pre_filter=false`. */
const FILTERING = ['min_data_in_leaf', 'path_smooth'] as const;

/** Those that choose the rows which the bins come from, where these are not all. */
const SAMPLING = ['seed', 'data_random_seed'] as const;

/** Names of the parameters that may shape a dataset. */
export const SHAPING_NAMES: readonly ParameterName[] = [
  ...(Object.keys(SHAPING) as (keyof typeof SHAPING)[]),
  ...FILTERING,
  ...SAMPLING,
];

/** A dataset that is there: how large, and what it was made with. */
interface Made {
  readonly rows: number;
  readonly parameters: ResolvedParameters;
}

/**
 * Joins the parameters that a dataset was made with and those of its use: these come first, where they say nothing about bins.
 * @param dataset that is there
 * @param asked of the use
 * @param what it is used for: `a training`
 * @returns both
 * @throws LightgbmError when the dataset has other bins than it would have with `asked`
 */
export function withDataset(dataset: Made, asked: ResolvedParameters, what: string): ResolvedParameters {
  const joined = { ...dataset.parameters, ...asked };
  const differing = SHAPING_NAMES.filter(
    (name) =>
      asked[name] !== undefined &&
      shapeBy(name, dataset.parameters, dataset.rows) !== shapeBy(name, joined, dataset.rows),
  );
  const { categorical_feature: categorical } = dataset.parameters;
  // Written as the dataset has them, whatever their order.
  if (differing.length === 0)
    return categorical === undefined ? joined : { ...joined, categorical_feature: categorical };
  const list = (values: ResolvedParameters): string =>
    differing.map((name) => `${name}=${values[name] ?? 'default'}`).join(' ');
  throw new LightgbmError(`${what} asks for other bins than the dataset has that it is made of`, {
    expected: list(joined),
    found: list(dataset.parameters),
    remedy:
      'Give them to `createDataset` (or `DatasetStream.open`), which bins the data, as `parameters`; or give `train` the table itself ' +
      'as `data: { table, label, … }`.',
  });
}

/**
 * @param parameters of a dataset
 * @returns whether it keeps its numbers for linear trees
 */
export function isLinear({ linear_tree: linear }: ResolvedParameters): boolean {
  return linear !== undefined && normalize(linear) === 'true';
}

/** What a parameter does to a dataset, the other ones being as they are: the same text for the same bins. */
function shapeBy(name: ParameterName, parameters: ResolvedParameters, rows: number): string {
  const text = (one: keyof typeof SHAPING): string => normalize(parameters[one] ?? SHAPING[one]);
  if (isOneOf(name, SAMPLING)) {
    if (rows <= Number(text('bin_construct_sample_cnt'))) return 'all rows';
    const { data_random_seed: own, seed } = parameters;
    // The seed of the data is drawn from the seed, or 1.
    return own === undefined ? (seed === undefined ? '1' : `from ${normalize(seed)}`) : normalize(own);
  }
  if (isOneOf(name, FILTERING)) {
    if (text('feature_pre_filter') === 'false') return 'none';
    const least = Number(parameters.min_data_in_leaf ?? 20);
    // LightGBM takes 2 where paths are smoothed.
    return String(Number(parameters.path_smooth ?? 0) > 0 ? Math.max(2, least) : least);
  }
  if (name === 'categorical_feature') return text(name).split(',').toSorted().join();
  return text(name as keyof typeof SHAPING);
}

function isOneOf(name: string, names: readonly string[]): boolean {
  return names.includes(name);
}

/** Numbers and flags may be written in several ways. */
function normalize(text: string): string {
  const flag = { '+': 'true', '-': 'false' }[text] ?? text.toLowerCase();
  return text !== '' && Number.isFinite(Number(text)) ? String(Number(text)) : flag;
}
