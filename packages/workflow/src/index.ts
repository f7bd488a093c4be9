export * from './declaration/index.ts';
export * from './launch/index.ts';
export * from './mlflow/index.ts';
export * from './registry/index.ts';
export * from './requirements/index.ts';
export * from './runs/index.ts';
export * from './workflows/index.ts';
export type { ModelSummary, Scores, Summary } from './functions/state.ts';
export * from './triggers/index.ts';
