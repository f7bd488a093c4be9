export { Home, type TrainedModel, pricesFile } from './home.ts';
export { openMlflow } from './mlflow/open-mlflow.ts';
export { type Difference, type RunComparison, compareRuns } from './records/compare-runs.ts';
export { EVENTS_FILE } from './records/event-log.ts';
export { FORECAST_KINDS } from './records/forecast-kinds.ts';
export { type FollowRunOptions, type Tiding, followRun } from './records/follow-run.ts';
export { readMeasurements } from './records/measurement-log.ts';
export { MEASUREMENTS_FILE, type Measurement, type MeasurementPlace } from './records/measurement.ts';
export { urlOf } from './records/place-url.ts';
export { readPrices } from './records/price-table.ts';
export { type LatestRunOptions, findRun, isYetToCome, latestRun } from './records/find-run.ts';
export { type Reason, reasonsOf } from './records/problems.ts';
export { type KnownRun, type RunListing, listRuns, readRun } from './records/read-runs.ts';
export {
  type Outcome,
  type PriceTable,
  type RunCode,
  type RunEvent,
  type RunImage,
  type RunInput,
  type RunMetric,
  type RunOutput,
  type RunVersion,
  type StepError,
  priceTableSchema,
} from './records/run-event.ts';
export type { RunMirror } from './records/run-mirror.ts';
export { type RunRecord, type StepRecord, runRecordSchema } from './records/run-record.ts';
export { RECORD_FILE, type RunFacts, RunRecorder, type StepResources } from './records/run-recorder.ts';
export type { ModelRegistry, StatusChange } from './registry/model-registry.ts';
export {
  APPROVAL_STATUSES,
  type ApprovalDecision,
  type ApprovalStatus,
  type ModelVersion,
  type NewVersion,
} from './registry/model-version.ts';
export { type RegistryOptions, openRegistry } from './registry/open-registry.ts';
