export type { Container, ContainerEngine, RunningContainer } from './container-engine.ts';
export { ImageEngine } from './image-engine.ts';
export { JobRunner, type JobRunnerOptions, type JobWatcher, type ParsedLine } from './job-runner.ts';
export { JobSlots } from './job-slots.ts';
export { LocalBuckets } from './local-buckets.ts';
export { type LocalProgram, ProcessEngine } from './process-engine.ts';
export type { ProcessingRequest, TrainingRequest } from './requests.ts';
export { ExecutionStopped, TaskFailed } from './task-failed.ts';
