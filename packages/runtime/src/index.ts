export * from './artifacts/index.ts';
export * from './commit/index.ts';
export * from './datasets/index.ts';
export * from './entrypoints/index.ts';
export * from './hyperparameters/index.ts';
export * from './parquet/index.ts';
export * from './sagemaker/index.ts';
export * from './telemetry/index.ts';
