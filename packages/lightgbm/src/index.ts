export { LightgbmError, type LightgbmErrorOptions } from './lightgbm-error.ts';
export type { Parameters, ParameterValue } from './parameters/parameters.ts';
export { LIBRARY_VARIABLE, liveHandles, loadLightgbm, locateLibrary } from './library/index.ts';
export * from './dataset/index.ts';
export * from './booster/index.ts';
export * from './train/index.ts';
export { TreeModel, type ScoreOptions } from './scoring/index.ts';
