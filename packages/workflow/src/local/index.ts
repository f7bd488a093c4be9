export { machinesOf, runLocally, type LocalRunOptions, type LocalRunResult } from './local-run.ts';

export type { StepEvent, StepPlace } from './executor.ts';
export { planText } from './plan-text.ts';
