import { DataError, KeyIndex, throwIfAborted, type Week } from '@hemline/core';
import { openParquetFile } from '@hemline/stores';
import type { AllNames } from '../inputs/series-order.ts';
import type { QuantityForecasts } from './quantity-forecasts.ts';

/** What a forecast of demand is about. */
export interface ForecastSurvey extends AllNames {
  readonly first: Week;
  readonly last: Week;
}

/**
 * Looks through the keys of a forecast of demand: which articles and markets, which weeks.
 * @param demand the forecast
 * @param isRead of the number of a file, whether it is read: others are looked through elsewhere
 * @param signal raised to stop
 * @returns what is in these files; null where they hold no rows
 */
export async function surveyForecast(
  { place, manifest }: QuantityForecasts,
  isRead: (file: number) => boolean,
  signal?: AbortSignal,
): Promise<ForecastSurvey | null> {
  const [articles, markets] = [new KeyIndex(['article']), new KeyIndex(['market'])];
  let [first, last] = [Infinity, -Infinity];
  for (const { file } of manifest.files.filter((_, i) => isRead(i))) {
    throwIfAborted(signal);
    const parquet = await openParquetFile(`${place.replace(/\/+$/, '')}/${file}`);
    for await (const batch of parquet.batches({ columns: ['article', 'market', 'week'] })) {
      articles.add(batch);
      markets.add(batch);
      for (const week of batch.weeks('week')) {
        first = Math.min(first, week);
        last = Math.max(last, week);
      }
    }
  }
  return first === Infinity ? null : { articles: namesOf(articles), markets: namesOf(markets), first, last };
}

/**
 * @param surveys of parts of a forecast, at least one that has rows
 * @param place of the forecast, for the message
 * @returns the survey of all
 * @throws DataError where none has rows
 */
export function mergeSurveys(surveys: readonly (ForecastSurvey | null)[], place: string): ForecastSurvey {
  const found = surveys.filter((survey) => survey !== null);
  if (found.length === 0) throw noRows(place);
  const all = (of: (survey: ForecastSurvey) => readonly string[]): string[] =>
    [...new Set(found.flatMap(of))].sort();
  return {
    ...{ articles: all(({ articles }) => articles), markets: all(({ markets }) => markets) },
    first: Math.min(...found.map(({ first }) => first)),
    last: Math.max(...found.map(({ last }) => last)),
  };
}

/**
 * @param place of a forecast of demand
 * @returns the error of one that has no rows
 */
export function noRows(place: string): DataError {
  return new DataError('the forecast of demand has no rows', {
    expected: 'articles to price',
    found: 'none',
    where: { file: place },
    remedy: 'Look at the run: nothing in its data was on sale.',
  });
}

function namesOf(index: KeyIndex): string[] {
  return Array.from({ length: index.size }, (_, key) => {
    const name = index.text(key, 0);
    if (name !== null) return name;
    throw new DataError('a forecast lacks its article or market', {
      found: 'null',
      remedy: 'Forecast again: no model gives such a row.',
    });
  });
}
