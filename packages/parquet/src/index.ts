export type { ByteRange, ByteSink, ByteSource } from './byte-source.ts';
export { coalesceRanges } from './coalesce.ts';
export { FileSource } from './file-source.ts';
export { MemorySink, memorySource } from './memory.ts';
export { openParquet } from './open-parquet.ts';
export type { FilterValue, ParquetFile, ParquetReadOptions, RangeFilter } from './parquet-file.ts';
export { type NestedRow, readNestedRows } from './read/nested-rows.ts';
export type { WriteCodec } from './write/compress.ts';
export {
  type EncodedParquet,
  type ParquetWriteOptions,
  type WriteTimings,
  encodeParquet,
} from './write/encode-parquet.ts';
export type { WriteEncoding } from './write/value-encoder.ts';
