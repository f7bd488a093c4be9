import { ConfigurationError, HemlineError } from '@hemline/core';
import { isS3 } from '@hemline/stores';
import { chooseArticles, type ChosenArticle } from './choose-articles.ts';
import { readDemandCurves, type ArticleCurves } from './demand-curves.ts';
import { findArticles } from './find-articles.ts';
import { readForecastOverview, type ForecastOverview } from './forecast-overview.ts';
import type { StoredForecasts } from './forecast-points.ts';
import type { ReportModel, ReportSource } from './report-source.ts';

/** What a run forecast of demand, as far as the page tells of it. */
export interface DemandForecasts {
  /** Model whose forecasts come first; null: there is none. */
  readonly model: string | null;
  readonly overview: ForecastOverview | null;
  readonly articles: readonly ArticleCurves[];
  /** Why there is nothing; null where there is something. */
  readonly none: string | null;
}

/**
 * Reads forecasts of demand: in all, and those of a few articles.
 * @param source of the report
 * @param main model whose forecasts are taken
 * @returns what there is, or why there is nothing
 * @throws ConfigurationError when an article that was asked for was not forecast
 */
export async function readDemandForecasts(
  source: ReportSource,
  main: ReportModel | null,
): Promise<DemandForecasts> {
  const stored = source.models
    .filter(({ quantity, forecasts }) => quantity === 'demand' && forecasts !== null)
    .sort((a, b) => Number(b === main) - Number(a === main))
    .map(({ model, forecasts, curves }): StoredForecasts => ({ model, place: forecasts!, curves }));
  if (source.articles.length > 0 && stored.length === 0)
    throw new ConfigurationError('there are no forecasts of demand to look for articles in', {
      expected: 'a run that has forecast demand, whose forecasts can be reached',
      found: `${source.run.record.run}, of the kind ${source.run.record.kind}`,
      remedy: 'Name another run; "hemline runs list" shows what there is.',
    });
  const nothing = { model: stored[0]?.model ?? null, overview: null, articles: [] };
  const [first] = stored;
  if (first === undefined)
    return {
      ...nothing,
      none: 'The forecasts of demand of this run are not on this machine, or it has made none.',
    };
  try {
    const before = source.previous?.forecasts.get(first.model);
    const previous = before === undefined ? null : { ...first, place: before };
    const overview = await readForecastOverview(first, previous, source.dataset);
    const articles = overview === null ? [] : await curvesOf(source, stored, overview);
    if (overview === null || articles.length === 0)
      return {
        ...nothing,
        none: `${first.model} has forecast nothing, or curves that this workspace cannot evaluate: its model is not there any more.`,
      };
    return { model: first.model, overview, articles, none: null };
  } catch (error) {
    // What is on this machine has to be whole; whether S3 can be reached is not the run's to say.
    if (!(error instanceof HemlineError) || !stored.some(({ place }) => isS3(place))) throw error;
    return { ...nothing, none: `The forecasts of this run are in S3 and cannot be read: ${error.message}` };
  }
}

async function curvesOf(
  source: ReportSource,
  stored: readonly StoredForecasts[],
  overview: ForecastOverview,
): Promise<ArticleCurves[]> {
  const asked = source.articles.length === 0 ? [] : await findArticles(stored[0]!, source.articles);
  const isAsked = ({ item }: ChosenArticle): boolean =>
    asked.some(({ item: other }) => other.article === item.article && other.market === item.market);
  const chosen = [...asked, ...chooseArticles(overview).filter((each) => !isAsked(each))];
  const curves = await readDemandCurves(stored, chosen, source.dataset);
  return curves.filter(({ forecasts }) => forecasts[0]!.points.length > 0);
}
