export { isQuotaExceeded } from '../aws/aws-failure.ts';
export { followJob, hasEnded, type FollowOptions } from './follow-job.ts';
export type { JobLogs, LogLine } from './job-logs.ts';
export type { JobInput, JobMachines, JobSettings } from './job-machines.ts';
export { jobName } from './job-name.ts';
export { checkLaunch, openSageMaker, type LaunchRequest, type SageMaker } from './open-sagemaker.ts';
export { processingRequest, type ProcessingLaunch } from './processing-request.ts';
export type { JobStatus, LaunchKind, SageMakerJobs } from './sagemaker-jobs.ts';
export { trainingRequest, type TrainingLaunch } from './training-request.ts';
