export { demandActuals, type DemandActuals, type DemandActualsOptions } from './actuals/demand-actuals.ts';
export { fulfillmentCostActuals, residualValueActuals } from './actuals/cost-actuals.ts';
export { nothingObserved, type ItemActuals } from './actuals/item-actuals.ts';
export { returnRateActuals, returnTimeActuals } from './actuals/return-actuals.ts';
export { backtest, type BacktestOptions, type BacktestResult } from './backtest.ts';
export { evaluateFitted, type EvaluateOptions } from './evaluate-fitted.ts';
export { Coverage } from './metrics/coverage.ts';
export { CompensatedSum } from './metrics/compensated-sum.ts';
export { ErrorSums, type Metrics } from './metrics/error-sums.ts';
export { scoredMetrics } from './metrics/scored-metrics.ts';
export { DemandScore, ShareScore, WeightedScore, type Score, type SegmentScore } from './metrics/scores.ts';
export { ALARM_LEVEL, type AlarmLevel } from './monitoring/alarm-level.ts';
export {
  dataBeyondLimits,
  modelBeyondLimits,
  MONITOR_LIMITS,
  type BeyondLimit,
  type MonitorLimits,
} from './monitoring/beyond-limits.ts';
export { type ChangeWindows } from './monitoring/change-test.ts';
export { DataDrift, type DataRow, type FeatureDrift } from './monitoring/data-drift.ts';
export { DemandMonitor, type MonitoredRow } from './monitoring/demand-monitor.ts';
export { DemandAtDiscount } from './monitoring/demand-at-discount.ts';
export type { Detectable } from './monitoring/detectable.ts';
export { ErrorDrift, type ComparedRow, type SegmentDrift } from './monitoring/error-drift.ts';
export { articleGroup } from './monitoring/ratio-panel.ts';
export type { RowConditions } from './monitoring/row-conditions.ts';
export type { ScoreTable } from './score-table.ts';
export { summariseScores, type FitMetrics, type ScoreSummary } from './summarise-scores.ts';
export { DISCOUNT_BANDS, discountBand, type SegmentRow } from './segments/segment-row.ts';
export { weeksToJudge } from './monitoring/shift-test.ts';
export {
  formatWindow,
  lastWeekOf,
  rollingCutoffs,
  type EvaluationWindow,
  type RollingOptions,
} from './window.ts';
