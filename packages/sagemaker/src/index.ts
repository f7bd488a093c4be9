export { type Hosts, readHosts } from './container/hosts.ts';
export { processingFacts, trainingFacts } from './container/job-facts.ts';
export { cutToBytes, leaveReason } from './container/outcome.ts';
export {
  type ProcessingContext,
  type ProcessingInput,
  readProcessingContext,
} from './container/processing-context.ts';
export { type RootPaths, SAGEMAKER_ROOT, relocate, rootPaths } from './container/root.ts';
export { type TrainingContext, readTrainingContext } from './container/training-context.ts';
export { EXIT_CODES, exitCodeFor, exitCodeText } from './exit-codes.ts';
export {
  type JobFacts,
  type MetricDefinition,
  type TelemetryLine,
  embeddedMetric,
  metricDefinitions,
  metricLine,
  parseTelemetryLine,
} from './telemetry/telemetry-lines.ts';
