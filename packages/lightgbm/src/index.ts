export { LightgbmError, type LightgbmErrorOptions } from './lightgbm-error.ts';
export type { Parameters, ResolvedParameters } from './parameters/parameters.ts';
export type { ParameterName } from './parameters/parameter-names.ts';
export type { ParameterValue } from './parameters/parameter-value.ts';
export { LIBRARY_VARIABLE, locateLibrary } from './library/locate-library.ts';
export { liveHandles } from './library/native-handle.ts';
export { loadLightgbm } from './library/native-library.ts';
export { createDataset } from './dataset/create-dataset.ts';
export { Dataset, setMaxThreads, type DatasetOptions } from './dataset/dataset.ts';
export { DatasetStream, type StreamOptions } from './dataset/dataset-stream.ts';
export type { Field, FieldValues } from './dataset/fields.ts';
export type { Columns, Matrix, NumericArray, NumericTable } from './dataset/numeric-table.ts';
export { Booster, type ImportanceKind, type ModelRange } from './booster/booster.ts';
export type { PredictionKind, PredictOptions } from './booster/predict.ts';
export { EarlyStopping, type EarlyStoppingOptions, type Evaluation } from './train/early-stopping.ts';
export {
  train,
  type CustomMetric,
  type CustomObjective,
  type IterationEvent,
  type TrainOptions,
} from './train/train.ts';
export type { TrainingTable } from './train/training-table.ts';
export { TreeModel, type ScoreOptions } from './scoring/tree-model.ts';
