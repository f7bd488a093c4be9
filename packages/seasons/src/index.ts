export type {
  Market,
  MarketMaker,
  MarketTruth,
  Money,
  PriceTags,
  RunOut,
  ShopSituation,
  SoldWeek,
} from './market/market.ts';
export type { Decision, Draws, Policy, Situation } from './policies/policy.ts';
export { flatPolicy, holdPolicy, plannerPolicy } from './policies/rule-policies.ts';
export { oraclePolicy } from './policies/oracle-policy.ts';
export { forecastPolicy, type ForecastPolicyOptions } from './policies/forecast-policy.ts';
export type { Exploring } from './policies/exploring.ts';
export type { SeasonModel } from './forecasts/season-models.ts';
export { playSeason, type PlaySeasonOptions } from './season/play-season.ts';
export { SeasonFolder, type SeasonFacts } from './season/season-folder.ts';
export { SeasonJournal } from './season/season-journal.ts';
export type { SeasonRecord, SeasonUnit, WeekRecord } from './season/season-record.ts';
export { CONFIDENCE, type MeanOverSeeds } from './result/mean-interval.ts';
export {
  outcomeOf,
  type DrawnInSeason,
  type PlannedAndRealised,
  type SeasonOutcome,
} from './result/season-outcome.ts';
export {
  BASELINE,
  CEILING,
  seasonResult,
  type ExplorationStanding,
  type PolicyStanding,
  type SeasonResult,
  type WeekOfPolicy,
} from './result/season-result.ts';
export type { ToldNotice } from './result/told-notices.ts';
