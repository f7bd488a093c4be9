export * from './declaration/compute.ts';
export * from './declaration/declaration.ts';
export * from './declaration/locations.ts';
export * from './declaration/model-facts.ts';
export * from './declaration/settings.ts';
export * from './declaration/steps.ts';
export * from './declaration/workflow.ts';

export * from './requirements/check-requirements.ts';
export {
  monotoneOf,
  requirementChecks,
  type RequirementCheck,
  type RequirementScores,
} from './requirements/check-requirements.ts';
export { defaultRequirements } from './requirements/default-requirements.ts';
export { tightenRequirements } from './requirements/tighten-requirements.ts';
export { parseRequirements, requirementsSchema, type Requirements } from './requirements/requirements.ts';

export * from './workflows/workflows.ts';
export type { ModelSummary, Scores, Summary } from './functions/state.ts';
export { mainMetric } from './functions/main-metric.ts';
export { stageMetric } from './functions/stage-metric.ts';
export { watchFolder, type WatchOptions } from './triggers/watch-folder.ts';
export { arrivalsIn, type Arrival } from './triggers/arrivals.ts';
