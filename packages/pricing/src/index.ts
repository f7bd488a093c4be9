export type { ArticleLimits, ArticleProblem } from './article/article-problem.ts';
export { newArticlePlan, type ArticleOutcome, type ArticlePlan } from './article/article-plan.ts';
export { parseLimits } from './limits/parse-limits.ts';
export {
  NO_LIMITS,
  type ArticleLimit,
  type BusinessLimit,
  type Measure,
  type PricingLimits,
} from './limits/limits-schema.ts';
export { compileRules, type ArticleRule } from './inputs/article-rules.ts';
export type { ArticleTable } from './inputs/article-table.ts';
export { buildTable, type BuiltTable, type TableParts } from './inputs/build-table.ts';
export { PRICING_DEFAULTS, type PricingSettings } from './inputs/defaults.ts';
export { DemandCells } from './inputs/demand-cells.ts';
export { ProblemFiller } from './inputs/fill-problem.ts';
export { ItemForecasts } from './inputs/item-forecasts.ts';
export { offeredLevels, type ForecastErrors } from './inputs/offered-levels.ts';
export { orderSeries, type SeriesOrder } from './inputs/series-order.ts';
export { HISTORY_COLUMNS, StockHistory } from './inputs/stock-history.ts';
