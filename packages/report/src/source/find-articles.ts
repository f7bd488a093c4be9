import { ConfigurationError, listing, nearest, parseDiscountGrid } from '@hemline/core';
import { readManifest } from '@hemline/stores';
import type { ChosenArticle } from './choose-articles.ts';
import { openForecast, type StoredForecasts } from './forecast-points.ts';

const UNDISCOUNTED = parseDiscountGrid('0');
/** Names that a hint may be chosen from. */
const MOST_NAMES = 10_000;

/**
 * Finds articles that somebody asked for, in every market: only the row groups that may hold them are read.
 * @param forecasts of a model
 * @param articles their ids
 * @returns each with each of its markets
 * @throws ConfigurationError for those that the forecast does not have
 */
export async function findArticles(
  forecasts: StoredForecasts,
  articles: readonly string[],
): Promise<ChosenArticle[]> {
  const { files } = await readManifest(forecasts.place);
  const found = new Map<string, ChosenArticle>();
  for (const { file: name, partition, rows } of files) {
    if (rows === 0) continue;
    const file = await openForecast(forecasts, name);
    if (!file.isReadable) return [];
    for (const article of articles) {
      const where = [{ column: 'article', from: article, to: article }];
      for await (const batch of file.rows(UNDISCOUNTED, where)) {
        const { dictionary, values } = batch.strings('market');
        for (const code of new Set(values)) {
          const item = { article, market: dictionary[code]!, partition };
          found.set(`${article}\n${item.market}`, { item, why: 'asked for' });
        }
      }
    }
  }
  const missing = articles.filter(
    (article) => ![...found.values()].some(({ item }) => item.article === article),
  );
  if (missing.length === 0) return [...found.values()];
  const close = nearest(missing[0]!, await someArticles(forecasts));
  throw new ConfigurationError('there is no forecast of an article that was asked for', {
    expected: `articles that ${forecasts.model} has forecast`,
    found: listing(missing, 20),
    where: { file: forecasts.place },
    remedy: `${close === undefined ? '' : `Did you mean ${close}? `}An article is forecast where the data plans it, or has sold it before.`,
  });
}

async function someArticles(forecasts: StoredForecasts): Promise<string[]> {
  const names = new Set<string>();
  const { files } = await readManifest(forecasts.place);
  for (const { file, rows } of files) {
    if (rows === 0) continue;
    for await (const batch of (await openForecast(forecasts, file)).rows(UNDISCOUNTED)) {
      const { dictionary, values } = batch.strings('article');
      for (const code of values) names.add(dictionary[code]!);
      if (names.size >= MOST_NAMES) return [...names];
    }
  }
  return [...names];
}
