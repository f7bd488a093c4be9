import { Batch, stringsToColumn } from '@hemline/core';

/** Stock codes of one group share so many leading digits. */
const GROUP_DIGITS = 3;

/**
 * Articles that were sold, and their groups. The source has no commodity groups. Codes were given out roughly in sequence,
 * in runs of like products, so that articles whose codes share three leading digits tend to be alike; nothing better can
 * be had without reading descriptions.
 * @param weekly with the column `article`
 * @returns `article, group`, sorted by article
 */
export function articlesOf(weekly: Batch): Batch {
  const articles = distinct(weekly, 'article');
  return new Batch({
    article: stringsToColumn(articles),
    group: stringsToColumn(articles.map((article) => article.slice(0, GROUP_DIGITS))),
  });
}

/**
 * Markets in which something was sold. Nothing else is known about them.
 * @param weekly with the column `market`
 * @returns `market`, sorted
 */
export function marketsOf(weekly: Batch): Batch {
  return new Batch({ market: stringsToColumn(distinct(weekly, 'market')) });
}

function distinct(batch: Batch, name: string): string[] {
  const { values, dictionary } = batch.strings(name);
  return [...new Set(values)].map((code) => dictionary[code]!).sort();
}
