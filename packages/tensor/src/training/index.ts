export * from './adamw.ts';
export * from './batch-source.ts';
export * from './learning-rate.ts';
export * from './shared-copy.ts';
export * from './threaded-batches.ts';
export * from './train-network.ts';
export { type TrainingState } from './training-state.ts';
