export { type Manifest, type ManifestFile, readManifest, verifyManifest } from './commit/manifest.ts';
export {
  type CommitHost,
  type CommitTimings,
  OutputCommit,
  type OutputPartition,
} from './commit/output-commit.ts';
export type { Provenance } from './commit/provenance.ts';
export { inParallel } from './in-parallel.ts';
export { type StoreOptions, isS3, openObject, openSource, openStore } from './open-store.ts';
export type { ObjectWriter, Store, StoreObject, WriteCondition, WrittenObject } from './store.ts';
export { type WrittenFile, openParquetFile, writeParquetFile } from './parquet-files.ts';
