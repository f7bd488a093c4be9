export { jobName } from './job-name.ts';
export type { JobRequest, LaunchKind } from './job-request.ts';
export { type JobInput, type JobMachines, type JobSettings, localSettings } from './job-settings.ts';
export {
  type InputDistribution,
  type ProcessingLaunch,
  type ProcessingRequest,
  type ProcessingSource,
  type ProcessingTarget,
  type UploadMode,
  processingRequest,
} from './processing-request.ts';
export {
  type TrainingChannel,
  type TrainingLaunch,
  type TrainingRequest,
  trainingRequest,
} from './training-request.ts';
