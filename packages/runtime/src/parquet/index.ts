export * from './parquet-file.ts';
export { openParquet } from './open-parquet.ts';
export * from './write-parquet.ts';
export * from './write-parquet-files.ts';
export * from './write/encode-parquet.ts';
export type { WriteCodec } from './write/compress.ts';
export type { WriteEncoding } from './write/value-encoder.ts';
