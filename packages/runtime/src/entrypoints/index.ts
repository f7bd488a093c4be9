export type { BacktestScores } from './backtest-job.ts';
export { checkData, runCheck, type DataFacts } from './check-data.ts';
export * from './exit-codes.ts';
export type { JobProcess } from './job-process.ts';
export { train, runTraining } from './train.ts';
export { processJob, runProcessing } from './process.ts';
export { writeFeatures } from './write-features.ts';
