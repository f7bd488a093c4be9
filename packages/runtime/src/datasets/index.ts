export { findQuality, type QualityFinding } from './data-quality.ts';
export { Dataset, type DatasetPartition } from './dataset.ts';
export { openDataset, openDatasetFromChannels, type OpenOptions } from './open-dataset.ts';
export type { DatasetSummary, ValidateOptions } from './validate-dataset.ts';
export { repartition, type RepartitionOptions, type RepartitionSummary } from './repartition.ts';
