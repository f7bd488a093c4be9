export { machinesOf, runLocally, type LocalRunOptions, type LocalRunResult } from './local-run.ts';
export { ProcessEngine, type LocalProgram } from './process-engine.ts';
export { ImageEngine } from './image-engine.ts';
export type { ContainerEngine } from './container-engine.ts';
export type { StepEvent, StepPlace } from './executor.ts';
export { planText } from './plan-text.ts';
