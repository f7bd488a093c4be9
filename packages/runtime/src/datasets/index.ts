export { Dataset, type DatasetPartition, type ValidateOptions } from './dataset.ts';
export { openDataset, openDatasetFromChannels, type OpenOptions } from './open-dataset.ts';
export type { DatasetSummary } from './validate-dataset.ts';
