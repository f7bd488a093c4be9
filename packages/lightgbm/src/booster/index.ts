export { Booster, type ImportanceKind, type ModelRange } from './booster.ts';
export type { PredictionKind, PredictOptions } from './predict.ts';
