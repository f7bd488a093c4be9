export * from './datasets/index.ts';
export * from './parquet/index.ts';
