export * from './artifacts/model-artifact.ts';
export * from './artifacts/checkpoints.ts';
export { writeWhole } from './artifacts/entry-folder.ts';
export { fetchArtifactCard } from './artifacts/model-folder.ts';

export { findQuality, type QualityFinding } from './datasets/data-quality.ts';
export type { UnusedColumn } from './datasets/map-columns.ts';
export { tableFiles, type FolderContent, type PassedOver, type TableFile } from './datasets/table-files.ts';
export {
  checkDataset,
  type CheckOptions,
  type DatasetCheck,
  type FoundProblem,
} from './datasets/check-dataset.ts';
export type { Settlement } from './datasets/problems.ts';
export { Dataset, type DatasetPartition } from './datasets/dataset.ts';
export { openDataset, openDatasetFromChannels, type OpenOptions } from './datasets/open-dataset.ts';
export type { DatasetSummary, ValidateOptions } from './datasets/validate-dataset.ts';
export { repartition, type RepartitionOptions, type RepartitionSummary } from './datasets/repartition.ts';
export type { BacktestScores } from './entrypoints/backtest-job.ts';
export { checkData, runCheck, type DataFacts } from './entrypoints/check-data.ts';
export { validateInputs } from './entrypoints/job-inputs.ts';
export { requiredInput, runIdOf } from './entrypoints/processing-job.ts';
export { codeVersion, runEntrypoint, type JobProcess } from './entrypoints/run-entrypoint.ts';
export { withWholeFolder } from './entrypoints/scattered-data.ts';
export { tellPassedOver } from './entrypoints/tell-passed-over.ts';
export { train, runTraining } from './entrypoints/train.ts';
export { processJob, runProcessing } from './entrypoints/process.ts';
export { writeFeatures } from './entrypoints/write-features.ts';
export * from './hyperparameters/hyperparameters.ts';
export { loadMembers } from './members/load-members.ts';

export { peakMemoryBytes } from './telemetry/peak-memory.ts';
export * from './telemetry/telemetry.ts';
