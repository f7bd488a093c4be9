import type { ArticleRange } from '@hemline/core';
import type { RangeFilter } from '@hemline/parquet';
import type { TableColumn } from './map-columns.ts';

/**
 * The articles that are asked for, as a filter on what a file holds.
 * @param articles that are asked for; all where there are none
 * @param found columns of the file
 * @returns a range of stored values; none where they are no texts, whose order is that of the names
 */
export function articleFilter(
  articles: ArticleRange | undefined,
  found: readonly TableColumn[],
): RangeFilter[] {
  const column = found.find(({ name }) => name === 'article');
  if (articles === undefined || column === undefined || column.isKey || column.isDerived === true) return [];
  if (column.stored !== 'string') return [];
  return [{ column: column.source, from: articles.from, to: articles.to }];
}
