export { type FollowOptions, followJob, stopJob } from './follow-job.ts';
export type { JobLogs, LogLine } from './job-logs.ts';
export { type JobStatus, hasEnded } from './job-status.ts';
export { type SageMaker, checkLaunch, openSageMaker } from './open-sagemaker.ts';
export type { SageMakerJobs } from './sagemaker-jobs.ts';
