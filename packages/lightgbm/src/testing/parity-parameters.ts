import type { ParameterName } from '../parameters/parameter-names.ts';
import type { Parameters } from '../parameters/parameters.ts';
import type { ParameterValue } from '../parameters/parameter-value.ts';
import { PARAMETER_NAMES } from '../parameters/parameter-names.ts';
import type { ParityObjective } from './parity-objectives.ts';
import type { ParityRandom } from './parity-random.ts';

/** What parameters have to go with. */
export interface ParityContext {
  readonly objective: ParityObjective;
  readonly classes: number;
  readonly features: number;
  /** Numbers of the columns that hold categories. */
  readonly categorical: readonly number[];
  /** Whether gradients are the caller's. */
  readonly isCustom: boolean;
  readonly hasInitScore: boolean;
  readonly hasForcedSplits: boolean;
}

const FLAG = [true, false];
const SEEDS = [0, 1, 7, 4242];
/** Shares of the cases in which a parameter is said at all. */
const OFTEN = 0.12;

/**
 * Values of every parameter that LightGBM heeds where it is given arrays; with the defaults of most among them.
 * @param context what they have to go with
 * @param random numbers
 * @returns values to choose from
 */
export function parityValues(
  { features, classes, categorical }: ParityContext,
  random: ParityRandom,
): Readonly<Partial<Record<ParameterName, readonly ParameterValue[]>>> {
  const list = (next: (feature: number) => number): number[] =>
    Array.from({ length: features }, (_, feature) => next(feature));
  const signs = list((feature) => (categorical.includes(feature) ? 0 : random.whole(-1, 1)));
  return {
    alpha: [0.3, 0.5, 0.9, 0.05],
    auc_mu_weights: [
      Array.from({ length: classes ** 2 }, (_, at) => (at % (classes + 1) === 0 ? 0 : random.whole(1, 5))),
    ],
    bagging_by_query: FLAG,
    bagging_fraction: [0.3, 0.632, 0.9],
    bagging_freq: [1, 2],
    bagging_seed: SEEDS,
    bin_construct_sample_cnt: [40, 90, 200000],
    boost_from_average: FLAG,
    boosting: ['gbdt', 'dart', 'rf', 'gbrt', 'goss'],
    cat_l2: [0, 0.5, 10],
    cat_smooth: [0, 1, 10],
    cegb_penalty_feature_coupled: [list(() => random.whole(0, 3) / 4)],
    cegb_penalty_feature_lazy: [list(() => random.whole(0, 3) / 64)],
    cegb_penalty_split: [0, 0.01, 1e-5],
    cegb_tradeoff: [0.5, 1],
    data_random_seed: SEEDS,
    data_sample_strategy: ['bagging', 'goss'],
    deterministic: FLAG,
    device_type: ['cpu'],
    drop_rate: [0.1, 0.5],
    drop_seed: SEEDS,
    early_stopping_min_delta: [0, 0.001, 0.05],
    early_stopping_round: [1, 2, 5],
    enable_bundle: FLAG,
    eval_at: [[1, 3, 5], '2'],
    extra_seed: SEEDS,
    extra_trees: FLAG,
    fair_c: [0.5, 1, 2],
    feature_contri: [list(() => random.whole(1, 4) / 4)],
    feature_fraction: [0.4, 0.7],
    feature_fraction_bynode: [0.4, 0.7],
    feature_fraction_seed: SEEDS,
    feature_pre_filter: FLAG,
    first_metric_only: FLAG,
    gpu_device_id: [-1],
    gpu_device_id_list: ['0'],
    gpu_platform_id: [-1],
    gpu_use_dp: [false],
    histogram_pool_size: [-1, 0.01, 100],
    interaction_constraints: [[list((feature) => feature).slice(0, 3), list((feature) => feature).slice(2)]],
    is_enable_sparse: FLAG,
    is_unbalance: FLAG,
    label_gain: [[0, 1, 3, 7], '0,2,5,11,23'],
    lambda_l1: [0, 0.1, 1e-5, 2.5],
    lambda_l2: [0, 0.1, 1e-5, 2.5],
    lambdarank_norm: FLAG,
    lambdarank_position_bias_regularization: [0, 0.5],
    lambdarank_truncation_level: [3, 30],
    learning_rate: [0.05, 0.1, 0.123456789012345, 1 / 3, 0.7],
    linear_lambda: [0, 0.01, 1],
    linear_tree: FLAG,
    max_bin: [2, 7, 63, 255, 1000],
    max_bin_by_feature: [list(() => random.whole(2, 40))],
    max_cat_threshold: [2, 32],
    max_cat_to_onehot: [1, 4, 40],
    max_delta_step: [0, 0.3],
    max_depth: [-1, 2, 5],
    max_drop: [1, 50, -1],
    min_data_in_bin: [1, 3, 20],
    min_data_in_leaf: [0, 1, 5, 20, 60],
    min_data_per_group: [1, 20, 100],
    min_gain_to_split: [0, 0.01, 1e-6],
    min_sum_hessian_in_leaf: [0, 1e-3, 1],
    monotone_constraints: [signs],
    monotone_constraints_method: ['basic', 'intermediate', 'advanced'],
    monotone_penalty: [0, 0.5, 2],
    multi_error_top_k: [1, 2],
    neg_bagging_fraction: [0.5],
    num_gpu: [1],
    num_grad_quant_bins: [4, 8, 32],
    num_leaves: [2, 4, 9, 31],
    num_threads: [1],
    objective_seed: SEEDS,
    other_rate: [0.1, 0.3],
    path_smooth: [0, 1, 1e-5],
    poisson_max_delta_step: [0.7, 0.2],
    pos_bagging_fraction: [0.7],
    quant_train_renew_leaf: FLAG,
    reg_sqrt: FLAG,
    scale_pos_weight: [0.5, 3],
    seed: SEEDS,
    sigmoid: [0.5, 1, 2],
    skip_drop: [0, 0.5],
    stochastic_rounding: FLAG,
    top_k: [5, 20],
    top_rate: [0.2, 0.5],
    tree_learner: ['serial'],
    tweedie_variance_power: [1.1, 1.5, 1.9],
    uniform_drop: FLAG,
    use_missing: FLAG,
    use_quantized_grad: FLAG,
    verbosity: [-1],
    xgboost_dart_mode: FLAG,
    zero_as_missing: FLAG,
  };
}

/**
 * Draws parameters that LightGBM accepts together.
 * @param context what they have to go with
 * @param random numbers
 * @returns parameters, some of them by a further name
 */
export function parityParameters(context: ParityContext, random: ParityRandom): Parameters {
  const { objective, classes, isCustom, hasInitScore, hasForcedSplits } = context;
  const { labels } = objective;
  const values = parityValues(context, random);
  const drawn: Partial<Record<ParameterName, ParameterValue>> = {};
  for (const [name, among] of Object.entries(values))
    if (random.chance(OFTEN)) drawn[name as ParameterName] = random.pick(among);
  // Said in most cases, so that small data has trees, and sums are in one order.
  const isByRow = random.chance(0.5);
  Object.assign(drawn, {
    objective: isCustom ? 'none' : objective.objective,
    num_threads: random.pick(values.num_threads!),
    verbosity: -1,
    [isByRow ? 'force_row_wise' : 'force_col_wise']: true,
    min_data_in_leaf: random.pick(values.min_data_in_leaf!),
    num_leaves: hasForcedSplits ? random.whole(4, 12) : random.pick(values.num_leaves!),
    metric: Array.from({ length: random.whole(1, 2) }, () => random.pick(objective.metrics)).filter(
      (one, at, all) => all.indexOf(one) === at,
    ),
  });
  const drop = (...names: ParameterName[]): void => names.forEach((name) => delete drawn[name]);
  const isDrawn = (name: ParameterName): boolean => drawn[name] !== undefined && drawn[name] !== false;

  if (labels === 'class') drawn.num_class = classes;
  if (labels !== 'class') drop('auc_mu_weights', 'multi_error_top_k');
  if (labels !== 'relevance')
    drop('bagging_by_query', 'label_gain', 'eval_at', 'lambdarank_position_bias_regularization');
  if (labels !== 'flag')
    drop('pos_bagging_fraction', 'neg_bagging_fraction', 'is_unbalance', 'scale_pos_weight');
  if (isDrawn('is_unbalance')) drop('scale_pos_weight');
  if (objective.objective !== 'regression') drop('reg_sqrt');

  if (drawn.boosting === 'rf' && (isCustom || hasInitScore)) drop('boosting');
  // Python itself does not give the same model twice: looking at scores drops trees.
  if (drawn.boosting === 'dart' && isCustom) drop('boosting');
  if (drawn.boosting === 'goss' || drawn.boosting === 'rf') drop('data_sample_strategy');
  const isGoss = drawn.boosting === 'goss' || drawn.data_sample_strategy === 'goss';
  if (isGoss)
    drop(
      'bagging_fraction',
      'bagging_freq',
      'pos_bagging_fraction',
      'neg_bagging_fraction',
      'bagging_by_query',
    );
  if (drawn.boosting === 'rf') Object.assign(drawn, { bagging_fraction: 0.6, bagging_freq: 1 });
  if (drawn.boosting === 'rf') drop('pos_bagging_fraction', 'neg_bagging_fraction');
  if (drawn.pos_bagging_fraction !== undefined || drawn.neg_bagging_fraction !== undefined)
    Object.assign(drawn, { pos_bagging_fraction: 0.7, neg_bagging_fraction: 0.5, bagging_freq: 1 });

  if (isDrawn('linear_tree')) {
    drop('zero_as_missing', 'use_quantized_grad', 'monotone_constraints');
    if (objective.objective === 'regression_l1') drop('linear_tree');
  }
  // Refused: Python itself does not give the same model twice.
  if (hasForcedSplits) drop('use_quantized_grad');
  if (objective.renewsLeaves === true) drop('monotone_constraints');
  if (!isDrawn('monotone_constraints')) drop('monotone_constraints_method', 'monotone_penalty');
  if (drawn.boosting === 'dart' || isCustom) drop('early_stopping_round');
  if (drawn.max_bin !== undefined) drop('max_bin_by_feature');
  return byFurtherNames(drawn, random);
}

/** Every second name is one of the further ones. */
function byFurtherNames(
  drawn: Partial<Record<ParameterName, ParameterValue>>,
  random: ParityRandom,
): Parameters {
  return Object.fromEntries(
    Object.entries(drawn).map(([name, value]) => {
      const others = PARAMETER_NAMES[name as ParameterName];
      return [others.length > 0 && random.chance(0.5) ? random.pick<string>(others) : name, value];
    }),
  );
}
