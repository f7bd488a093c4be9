export { renderReport, writeReport, type WrittenReport } from './write-report.ts';
export { readSource, type RunContext } from './source/read-source.ts';
export {
  readDemandCurves,
  type ArticleCurves,
  type HistoryWeek,
  type TruthWeek,
} from './source/demand-curves.ts';
export type { ForecastPoint, StoredForecasts } from './source/forecast-points.ts';
export type { ChosenArticle } from './source/choose-articles.ts';
export type { ReportSource } from './source/report-source.ts';
export type { MetricLimit } from './source/version-facts.ts';
