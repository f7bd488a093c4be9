export * from './exit-codes.ts';
export { train, runTraining, type JobProcess } from './train.ts';
export { processJob, runProcessing } from './process.ts';
