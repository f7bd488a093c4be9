export { compareRuns, type Difference, type RunComparison } from './compare-runs.ts';
export { followRun, type FollowRunOptions, type Tiding } from './follow-run.ts';
export { readMeasurements } from './measurement-log.ts';
export { MEASUREMENTS_FILE, type Measurement, type MeasurementPlace } from './measurement.ts';
export { readPrices } from './price-table.ts';
export { findRun, listRuns, readRun, type KnownRun, type RunListing } from './read-runs.ts';
export type {
  Outcome,
  PriceTable,
  RunCode,
  RunEvent,
  RunImage,
  RunInput,
  RunMetric,
  RunOutput,
  RunVersion,
  StepError,
} from './run-event.ts';
export { priceTableSchema } from './run-event.ts';
export type { RunMirror } from './run-mirror.ts';
export { RECORD_FILE, RunRecorder, type RunFacts, type StepResources } from './run-recorder.ts';
export { runRecordSchema, type RunRecord, type StepRecord } from './run-record.ts';
export { EVENTS_FILE } from './event-log.ts';
