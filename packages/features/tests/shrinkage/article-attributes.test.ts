import { Batch, dateColumn, memoryTable, stringsToColumn, validityWithout, valueAt } from '@hemline/core';
import { expect, test } from 'vitest';
import { ArticleAttributes } from '../../src/shrinkage/article-attributes.ts';

const articles = memoryTable('articles', [
  new Batch({
    article: stringsToColumn(['a', 'b', 'c']),
    group: stringsToColumn(['shirt', null, 'coat']),
    launchWeek: dateColumn(Int32Array.of(700, 0, 1400), validityWithout(3, [1])),
  }),
]);
const rows = new Batch({ article: stringsToColumn(['c', 'b', 'unknown', 'a', 'c']) });

function valuesOf(batch: Batch, column: string): unknown[] {
  return Array.from({ length: batch.length }, (_, row) => valueAt(batch.column(column), row));
}

test('attributes are those of the article; what is not known is missing', async () => {
  const attributes = await ArticleAttributes.read(articles, ['group', 'season', 'launchWeek']);
  const joined = attributes.join(rows);
  expect(valuesOf(joined, 'article')).toEqual(['c', 'b', 'unknown', 'a', 'c']);
  expect(valuesOf(joined, 'group')).toEqual(['coat', null, null, 'shirt', 'coat']);
  expect(valuesOf(joined, 'launchWeek')).toEqual([1400, null, null, 700, 1400]);
  // The table has no such column.
  expect(valuesOf(joined, 'season')).toEqual([null, null, null, null, null]);
});

test('without a table everything is missing', async () => {
  const attributes = await ArticleAttributes.read(undefined, ['group', 'launchWeek']);
  const joined = attributes.join(rows);
  expect(valuesOf(joined, 'group')).toEqual([null, null, null, null, null]);
  expect(joined.column('launchWeek').type).toBe('date');
  expect(valuesOf(joined, 'launchWeek')).toEqual([null, null, null, null, null]);
});
