export { type FollowOptions, followJob, hasEnded } from './follow-job.ts';
export type { JobLogs, LogLine } from './job-logs.ts';
export type { JobInput, JobMachines, JobSettings } from './job-machines.ts';
export { jobName } from './job-name.ts';
export { type LaunchRequest, type SageMaker, checkLaunch, openSageMaker } from './open-sagemaker.ts';
export { type ProcessingLaunch, processingRequest } from './processing-request.ts';
export type { JobStatus, LaunchKind, SageMakerJobs } from './sagemaker-jobs.ts';
export { type TrainingLaunch, trainingRequest } from './training-request.ts';
