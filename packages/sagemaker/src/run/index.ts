export {
  ONE_HOST,
  type PlaceInput,
  type RootHosts,
  copyInput,
  fabricateProcessingRoot,
  fabricateTrainingRoot,
  writeProcessingConfig,
  writeTrainingConfig,
} from '../container/fabricate-root.ts';
export type { Container, ContainerEngine, RunningContainer } from './container-engine.ts';
export { ImageEngine } from './image-engine.ts';
export { JobRunner, type JobRunnerOptions, type JobWatcher } from './job-runner.ts';
export { JobSlots } from './job-slots.ts';
export { LocalBuckets } from './local-buckets.ts';
export { type LocalProgram, ProcessEngine } from './process-engine.ts';
export { ExecutionStopped, type JobEnd, TaskFailed } from './task-failed.ts';
