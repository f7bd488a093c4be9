export { DECISION_COLUMNS, GIVEN_DECISIONS, type GivenDecision } from './decision-rows.ts';
export { decisionsAbout, type DecisionPlaceOptions } from './decision-place.ts';
export {
  exportDecisions,
  type ExportDecisionsOptions,
  type ExportDecisionsResult,
} from './export-decisions.ts';
export { placeOfGiven } from './given-file.ts';
export {
  importDecisions,
  type ImportDecisionsOptions,
  type ImportDecisionsResult,
} from './import-decisions.ts';
export {
  DEFAULT_LISTED,
  listDecisions,
  type ListDecisionsOptions,
  type ListDecisionsResult,
  type ListedDecision,
} from './list-decisions.ts';
export { readPricedPlan, type OnlyArticles, type PricedPlan } from './priced-plan.ts';
export { findPricedRun, lineageOf, recommendedRows, type PricedRun } from './priced-run.ts';
export { propose, type ProposeOptions, type ProposeResult } from './propose.ts';
export { scoreDecisions, type ScoreDecisionsOptions, type ScoreDecisionsResult } from './score-decisions.ts';
export { DECIDED_AS, type DecidedAs, type DecisionScores, type DecisionSums } from './score-totals.ts';
export type { ToldConflicts } from './told-conflicts.ts';
export type { VolumeVariance } from './volume-variance.ts';
