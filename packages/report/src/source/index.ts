export { readDemandCurves, type ArticleCurves, type HistoryWeek, type TruthWeek } from './demand-curves.ts';
export type { ForecastPoint, StoredForecasts } from './forecast-points.ts';
export type { ChosenArticle } from './choose-articles.ts';
