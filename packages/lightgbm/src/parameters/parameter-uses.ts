import type { ParameterName } from './parameter-names.ts';

const FILES = 'It is about data in files. Data is given as arrays here.';
const NETWORK = 'It is for training over a network, which there is not here.';
const PROGRAM = 'It is for the command-line program of LightGBM.';

/**
 * What the library would pass over in silence when it is called with arrays, and where that is said instead.
 */
const ELSEWHERE: Partial<Record<ParameterName, string>> = {
  config: PROGRAM,
  convert_model: PROGRAM,
  convert_model_language: PROGRAM,
  data: FILES,
  group_column: 'Give the sizes of the groups to `createDataset` as `group`.',
  header: FILES,
  ignore_column: 'Leave the column out of the table.',
  input_model: 'Give the booster to `train` as `from`.',
  is_provide_training_metric: 'Give `evaluateTraining` to `train`.',
  label_column: 'Give the labels to `createDataset` as `label`.',
  local_listen_port: NETWORK,
  machine_list_filename: NETWORK,
  machines: NETWORK,
  metric_freq: 'Metrics are given to `onIteration` after each iteration.',
  num_iteration_predict: 'Give `iterations` to `predict`.',
  num_machines: NETWORK,
  output_model: 'Write what `toText` gives.',
  output_result: PROGRAM,
  parser_config_file: FILES,
  pre_partition: NETWORK,
  precise_float_parser: FILES,
  predict_contrib: "Give `kind: 'contribution'` to `predict`.",
  predict_leaf_index: "Give `kind: 'leaf'` to `predict`.",
  predict_raw_score: "Give `kind: 'raw'` to `predict`.",
  refit_decay_rate: 'It is for refitting a model, which there is not here.',
  save_binary: PROGRAM,
  saved_feature_importance_type: 'Give `importance` to `toText`.',
  snapshot_freq: 'Write what `toText` gives in `onIteration`.',
  start_iteration_predict: 'Give `start` to `predict`.',
  task: PROGRAM,
  time_out: NETWORK,
  two_round: FILES,
  valid: 'Give the sets to `train` as `validation`.',
  weight_column: 'Give the weights to `createDataset` as `weight`.',
};

/**
 * @param name first name of a parameter
 * @returns why it would do nothing, and what to do instead; null where it does something. One set of parameters may serve datasets,
 * trainings and predictions: those of one do no harm in the others.
 */
export function uselessness(name: ParameterName): string | null {
  return ELSEWHERE[name] ?? null;
}
