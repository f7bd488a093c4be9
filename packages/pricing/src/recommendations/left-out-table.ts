import { Batch, schemaOf, stringsToColumn, type Schema } from '@hemline/core';
import type { BadArticle } from '../inputs/bad-articles.ts';

/** A row for each article that cannot be priced, where they are left out. */
export const LEFT_OUT_SCHEMA: Schema = schemaOf(
  { name: 'article', type: 'string' },
  {
    name: 'reason',
    type: 'string',
    description: 'what is wrong with its forecasts, its data, or its limits',
  },
);

/**
 * @param leftOut articles that cannot be priced
 * @returns a row for each
 */
export function leftOutTable(leftOut: readonly BadArticle[]): Batch {
  return new Batch({
    article: stringsToColumn(leftOut.map(({ article }) => article)),
    reason: stringsToColumn(leftOut.map(({ reason }) => reason)),
  });
}
