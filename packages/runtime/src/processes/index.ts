export { ProcessPool, type DoneTask, type ProcessPoolOptions } from './process-pool.ts';
export { serveTasks, type TellProgress } from './serve-tasks.ts';
