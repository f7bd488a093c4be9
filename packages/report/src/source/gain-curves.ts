import { HemlineError } from '@hemline/core';
import { isS3 } from '@hemline/stores';
import type { ForecastOverview } from './forecast-overview.ts';
import { readForecast, type ForecastPoint } from './forecast-points.ts';
import type { GainingArticle, Recommendations } from './recommendations.ts';
import type { ReportModel } from './report-source.ts';

/** An article with its demand in the first week, at every discount; none where its forecast cannot be reached. */
export interface DrawnGain extends GainingArticle {
  readonly curve: readonly ForecastPoint[];
}

/**
 * Reads the demand that the prices of a few articles were found by.
 * @param found what the run recommends
 * @param models of the report
 * @param overview of the forecast of demand, which says where each article lies; null where there is none
 * @returns the articles that gain most
 */
export async function readGainCurves(
  found: Recommendations,
  models: readonly ReportModel[],
  overview: ForecastOverview | null,
): Promise<DrawnGain[]> {
  const model = models.find((each) => each.model === found.summary.models['demand']);
  const { forecasts = null } = model ?? {};
  return Promise.all(
    found.gaining.map(async (each) => {
      const { article, market, weeks } = each;
      const item = overview?.items.find((other) => other.article === article && other.market === market);
      if (forecasts === null || item === undefined || weeks.length === 0) return { ...each, curve: [] };
      const stored = { model: model!.model, place: forecasts, curves: model!.curves };
      const points = await readForecast(stored, item.partition, item, []).catch((error: unknown) => {
        if (isS3(forecasts) && error instanceof HemlineError) return [];
        throw error;
      });
      return { ...each, curve: points.filter(({ week }) => week === weeks[0]!.week) };
    }),
  );
}
