export {
  byError,
  chooseDemand,
  PLAINLY_WORSE,
  type DemandCandidate,
  type DemandChoice,
} from './choose-demand.ts';
export { respondsToPrice } from './responds-to-price.ts';
export { claimPricing, readOrigin } from './claim-pricing.ts';
export { checkLimitsMet, pricedLimits, type PricedLimit } from './priced-limits.ts';
export {
  digestOfOrigin,
  forecastOrigins,
  givenFile,
  ORIGIN_FILE,
  pricingProvenance,
  type GivenFile,
  type PricingOrigin,
} from './pricing-origin.ts';
export { pricingSummary, SUMMARY_FILE, type PricingSummary } from './pricing-summary.ts';
export { pricingThreads } from './pricing-threads.ts';
export { digestOfForecasts, PREFERRED_BY, type QuantityForecasts } from './quantity-forecasts.ts';
export { articleRange, type ReadScope } from './own-articles.ts';
export { readInputs, type PricingInputs, type ReadInputsOptions } from './read-inputs.ts';
export { diskSchema, onDisk, partitionOf } from './write-plans.ts';
export { overrideSettings } from './claim-with-decisions.ts';
export { standingOverrides, type DecisionSource, type StandingOverrides } from './standing-overrides.ts';
export { totalsOf, writeTables, type TablesToWrite } from './write-tables.ts';
export { readForecastSet, type ForecastSet } from './forecast-set.ts';
export { runOptimise } from './optimise-job.ts';
export { NO_FILE } from './optimise-arguments.ts';
