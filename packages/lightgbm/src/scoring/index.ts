export { TreeModel, type ScoreOptions } from './tree-model.ts';
export { LightgbmError } from '../lightgbm-error.ts';
export type { Columns, Matrix, NumericArray, NumericTable } from '../dataset/numeric-table.ts';
