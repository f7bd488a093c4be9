export * from './actuals/index.ts';
export { backtest, type BacktestOptions, type BacktestResult } from './backtest.ts';
export { knownAheadColumns } from './demand-plan.ts';
export { evaluateFitted, type EvaluateOptions } from './evaluate-fitted.ts';
export * from './metrics/index.ts';
export * from './monitoring/index.ts';
export type { ScoreTable } from './score-table.ts';
export { summariseScores, type FitMetrics, type ScoreSummary } from './summarise-scores.ts';
export type { SegmentRow } from './segments/index.ts';
export {
  formatWindow,
  lastWeekOf,
  rollingCutoffs,
  type EvaluationWindow,
  type RollingOptions,
} from './window.ts';
