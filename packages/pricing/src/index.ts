export type { ArticleLimits, ArticleProblem } from './article/article-problem.ts';
export { newArticlePlan, type ArticleOutcome, type ArticlePlan } from './article/article-plan.ts';
export { experimentName } from './explore/experiment-name.ts';
export {
  exploreDiscounts,
  type ExplorableDiscounts,
  type ExploredDiscounts,
  type ExploreSettings,
} from './explore/explore-discounts.ts';
export { explorePlans, type ExploredArticles, type ExplorePlansSettings } from './explore/explore-plans.ts';
export type { DrawnWeek, ExplorationTotals } from './explore/exploration.ts';
export { learningWorth, type LearningCase } from './explore/learning-worth.ts';
export { choiceCosts, type Choices } from './decisions/choice-costs.ts';
export { judgePrices, type JudgedPrices, type PassedPrices } from './decisions/judge-prices.ts';
export { PlanValuer, type ValuedCell } from './decisions/plan-valuer.ts';
export { SeriesFinder } from './decisions/series-finder.ts';
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
export { DEFAULT_MINIMUM_GAIN, PRICING_DEFAULTS, type PricingSettings } from './inputs/defaults.ts';
export { DemandCells } from './inputs/demand-cells.ts';
export { ProblemFiller } from './inputs/fill-problem.ts';
export { ItemForecasts } from './inputs/item-forecasts.ts';
export { offeredLevels, type ForecastErrors } from './inputs/offered-levels.ts';
export { orderSeries, type SeriesOrder } from './inputs/series-order.ts';
export { HISTORY_COLUMNS, StockHistory } from './inputs/stock-history.ts';
export {
  COORDINATION_DEFAULTS,
  coordinate,
  type Coordination,
  type CoordinationSettings,
  type CoordinationStep,
} from './coordinator/coordinate.ts';
export type { LimitMeasure, LimitSums, MeasuredLimit } from './coordinator/limit-measure.ts';
export { limitsAbout, type LimitsAbout } from './limits/limits-about.ts';
export { LinkingLimits } from './coordinator/linking-limits.ts';
export type { Evaluation, LinkingRow, Portfolio } from './coordinator/linking-row.ts';
export { portfolioOf, type PortfolioParts } from './coordinator/thread-messages.ts';
export { ArticleBlocks } from './hosts/article-blocks.ts';
export { packAnswer, unpackAnswer } from './hosts/rounds.ts';
export { expectedSales } from './article/expected-sales.ts';
export { marketKeepsLimits, planKeepsLimits } from './article/plan-limits.ts';
export {
  explainArticle,
  EXPLAINED_STEP,
  type Alternative,
  type ExplainedLevel,
  type ExplainedWeek,
  type Explanation,
} from './explain/explain-article.ts';
export { findScope, type ExplainScope } from './explain/explain-scope.ts';
export { levelRefusals, type RefusalScope } from './explain/level-refusals.ts';
export { PART_NAMES, type Parts } from './explain/plan-parts.ts';
export type { StockPath } from './explain/stock-paths.ts';
export { frontierLimit } from './frontier/frontier-limit.ts';
export { frontierTable, FRONTIER_SCHEMA } from './frontier/frontier-table.ts';
export {
  traceFrontier,
  type Frontier,
  type FrontierOptions,
  type FrontierPoint,
} from './frontier/trace-frontier.ts';
export { BadArticles, type BadArticle } from './inputs/bad-articles.ts';
export { simulatePlan } from './article/simulate-plan.ts';
export { ArticleWorkspace, solveArticle, type ArticleOptions } from './article/solve-article.ts';
export { PlannedDiscounts } from './inputs/planned-discounts.ts';
export { LEFT_OUT_SCHEMA, leftOutTable } from './recommendations/left-out-table.ts';
export { OPTIMISM_DEFAULTS, type OptimismSettings } from './recommendations/optimism.ts';
export {
  priceArticles,
  type PriceArticlesOptions,
  type PricedArticles,
} from './recommendations/price-articles.ts';
export type { PlanTotals } from './recommendations/plan-totals.ts';
export { Recommender } from './recommendations/recommend.ts';
export {
  ARTICLES_SCHEMA,
  LIMITS_SCHEMA,
  REASONS,
  RECOMMENDATIONS_SCHEMA,
  type Reason,
} from './recommendations/schemas.ts';
