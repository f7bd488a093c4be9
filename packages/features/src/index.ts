export { sizeShares, SizeShares, type SizeSharesOptions } from './censoring/size-shares.ts';
export { DemandHistory } from './censoring/demand-history.ts';
export { demandLevels, DemandLevels } from './censoring/demand-levels.ts';
export { type DynamicsOptions } from './censoring/level-dynamics.ts';
export { type LevelDynamics } from './censoring/level-filter.ts';
export { recoverDemand, IMPUTED } from './censoring/recover-demand.ts';
export { inSeriesOrder, type SizedTables } from './censoring/series-order.ts';
export * from './cohorts/cohort-counts.ts';
export * from './cohorts/hazards.ts';
export * from './cohorts/read-cohorts.ts';
export * from './cohorts/return-time-hazard.ts';
export * from './cohorts/return-times.ts';
export * from './demand-curves/curve-table.ts';
export * from './demand-curves/demand-curve.ts';
export * from './demand-curves/knot-curve.ts';
export * from './demand-curves/quantiles.ts';
export * from './encoders/ordinal-encoder.ts';
export * from './feature-set/ahead.ts';
export * from './feature-set/feature-columns.ts';
export * from './feature-set/feature-set.ts';
export { GroupTotals } from './groups/group-totals.ts';
export { weekOfYear, yearWave, yearWaves } from './kinds/calendar.ts';
export { knownYear } from './kinds/known-year.ts';
export * from './kinds/covariate.ts';
export * from './kinds/feature.ts';
export {
  countEncoding,
  groupRolling,
  targetEncoding,
  type CountEncodingOptions,
  type GroupRollingOptions,
  type TargetEncodingOptions,
} from './kinds/groups.ts';
export {
  holidays,
  SALE_EVENTS,
  saleEvent,
  type DayMeasure,
  type HolidayOptions,
  type SaleEventOptions,
} from './kinds/holidays.ts';
export { lag, type LagOptions } from './kinds/lag.ts';
export { FEATURE_KINDS, FEATURE_OPTIONS, parseFeature } from './kinds/parse-feature.ts';
export { optionTexts, type KindOptions, type OptionText } from './kinds/options.ts';
export {
  change,
  current,
  earlier,
  lessGroup,
  ofOthers,
  weeksSinceLaunch,
  weeksToSeasonEnd,
} from './kinds/planned.ts';
export {
  exponential,
  trend,
  weeksSince,
  type ExponentialOptions,
  type TrendOptions,
  type WeeksSinceOptions,
} from './kinds/recency.ts';
export { stockUplift, weeksOfCover, type CoverOptions, type StockOptions } from './kinds/stock.ts';
export type { StatisticOptions, WindowStatistic } from './kinds/window-statistic.ts';
export {
  expanding,
  rolling,
  seasonal,
  type ExpandingOptions,
  type RollingOptions,
  type SeasonalOptions,
} from './kinds/windows.ts';
export * from './panel/filled-panel.ts';
export * from './panel/panel-source.ts';
export * from './panel/request-panels.ts';
export * from './panel/demand-panels.ts';
export * from './panel/select-series.ts';
export * from './panel/series-hash.ts';
export * from './recipe/panel-data.ts';
export * from './recipe/panel-recipe.ts';
export * from './recipe/standard-features.ts';
export { fitPriceResponse, type ResponseOptions } from './response/fit-price-response.ts';
export { readPriceResponse, type ReadResponseOptions } from './response/read-price-response.ts';
export { PriceResponse, type ResponseEvidence } from './response/price-response.ts';
export { ShapedCurves, type ShapedRequest } from './response/shaped-curves.ts';
export { liftAt, RESPONSE_SEGMENTS, RESPONSE_SLOPES } from './response/response-basis.ts';
export { RESPONSE_INPUTS } from './response/response-inputs.ts';
export { RESPONSE_COLUMNS } from './response/response-rows.ts';
export * from './scalers/log1p.ts';
export * from './scalers/series-scaler.ts';
export * from './scalers/standard-scaler.ts';
export * from './shrinkage/article-attributes.ts';
export * from './shrinkage/grouped-sums.ts';
export * from './shrinkage/hierarchical-averages.ts';
export * from './shrinkage/hierarchy.ts';
export * from './shrinkage/shrunk-averages.ts';
