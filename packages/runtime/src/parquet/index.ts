export * from './parquet-file.ts';
export { openParquet } from './open-parquet.ts';
export * from './write-parquet.ts';
