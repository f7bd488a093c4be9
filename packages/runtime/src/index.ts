export * from './artifacts/index.ts';
export * from './commit/index.ts';
export * from './datasets/index.ts';
export * from './parquet/index.ts';
