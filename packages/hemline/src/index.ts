export {
  forecastTable,
  readTable,
  writeArrow,
  writeDataset,
  type ReadTableOptions,
  type WrittenArrow,
} from './data/arrow-tables.ts';
export { check, type CheckOptions, type CheckResult, type ProposedDescriptor } from './data/check.ts';
export {
  guessImport,
  importData,
  type GuessOptions,
  type ImportOptions,
  type ImportResult,
} from './data/import.ts';
export { inspect, type InspectOptions, type InspectResult, type Inspection } from './data/inspect.ts';
export { repartition, type RepartitionOptions } from './data/repartition.ts';
export { simulate, type SimulateOptions, type SimulateResult } from './data/simulate.ts';
export * as decisions from './decisions/index.ts';
export {
  experiment,
  experimentOutcome,
  promote,
  type ExperimentOptions,
  type PromoteOptions,
} from './experiments/experiment.ts';
export { LaunchError } from './jobs/launch-error.ts';
export { type Launch, followToEnd, leavingNotice, submitJob } from './jobs/launch-job.ts';
export { type JobData, JobError } from './jobs/run-job.ts';
export type { JobOptions } from './launch/job-options.ts';
export { launch, type LaunchedOptions } from './launch/launch.ts';
export {
  processingLaunch,
  trainingLaunch,
  type LaunchOptions,
  type ProcessingLaunchOptions,
  type TrainingLaunchOptions,
} from './launch/launches.ts';
export { backtest, type BacktestOptions, type BacktestResult } from './modelling/backtest.ts';
export { evaluate, type EvaluateOptions, type EvaluateResult } from './modelling/evaluate.ts';
export { features, type FeaturesOptions, type FeaturesResult } from './modelling/features.ts';
export { forecast, type ForecastOptions, type ForecastResult } from './modelling/forecast.ts';
export { train, type TrainOptions, type TrainResult } from './modelling/train.ts';
export * as models from './models/models.ts';
export type {
  MonitorResult,
  MonitorSettings,
  MonitoredModel,
  MonitoredSegment,
} from './monitoring/monitor-forecasts.ts';
export {
  MONITOR_DEFAULTS,
  monitor,
  type MonitorOptions,
  type MonitoringResult,
} from './monitoring/monitor.ts';
export type { MoneyScores, MonitoredMoney } from './monitoring/monitor-money.ts';
export type { LimitCost } from './monitoring/limit-costs.ts';
export { DEFAULT_MINIMUM_GAIN, type ExplorationTotals } from '@hemline/pricing';
export type { PricedLimit, PricingSummary } from '@hemline/pricing/job';
export { type ExplainOptions, explainPrice, type ExplainResult } from './pricing/explain.ts';
export {
  DEFAULT_FRONTIER_POINTS,
  type FrontierOptions,
  type FrontierResult,
  priceFrontier,
} from './pricing/frontier.ts';
export { readLimits, type GivenLimits } from './pricing/given-limits.ts';
export { price, type PriceOptions, type PriceResult } from './pricing/price.ts';
export type { PricingOptions } from './pricing/pricing-work.ts';
export { type RegistryOption, registryOf } from './registry.ts';
export { lineage, type LineageOptions } from './runs/lineage.ts';
export { REPORT_FILE } from './runs/report-run.ts';
export { report, type ReportOptions, type ReportResult } from './runs/report.ts';
export * as runs from './runs/runs.ts';
export { type Lineage, traceFile } from './runs/trace-file.ts';
export { season, type SeasonEnd, type SeasonOptions } from './seasons/season.ts';
export { SEASON_DEFAULTS, type SeasonSettings } from './seasons/season-request.ts';
export type {
  DataOptions,
  HomeOption,
  RecordOptions,
  Settings,
  WeekLike,
  WorkListener,
  WorkOptions,
} from './work-options.ts';
export { jobsOfMachine } from './workflow/jobs-of-machine.ts';
export { programOf } from './workflow/programs.ts';
export type { ModelReport, RunReport } from './workflow/run-report.ts';
export {
  planWorkflow,
  runWorkflow,
  WORKFLOW_NAMES,
  type WorkflowName,
  type WorkflowOptions,
  type WorkflowPlan,
} from './workflow/run-workflow.ts';
export { watch, type WatchOptions } from './workflow/watch.ts';
export { loadModel, modelPackage, modelPackages } from './workspace.ts';
