import { describe, expect, it } from 'vitest';
import { Batch } from '../src/batch/batch.ts';
import { dateColumn, stringsToColumn } from '../src/columns/build.ts';
import { valueAt } from '../src/columns/column.ts';
import { SeriesIndexBuilder, seriesUntil, type SeriesIndex } from '../src/tables/series-index.ts';
import { asOf, betweenWeeks, memoryTable, type Table, type WeekRange } from '../src/tables/tables.ts';

/** Rows of market DE: article and week each. */
function rows(...pairs: readonly (readonly [string, number])[]): Batch {
  return new Batch({
    article: stringsToColumn(pairs.map(([article]) => article)),
    market: stringsToColumn(pairs.map(() => 'DE')),
    week: dateColumn(Int32Array.from(pairs, ([, week]) => week)),
  });
}
function indexOf(...batches: readonly Batch[]): SeriesIndex | null {
  const builder = new SeriesIndexBuilder();
  for (const batch of batches) builder.add(batch);
  return builder.finish();
}
const articlesOf = ({ keys }: SeriesIndex): unknown[] =>
  Array.from({ length: keys.length }, (_, series) => valueAt(keys.column('article'), series));

describe('SeriesIndexBuilder', () => {
  it('lists the series in the order of the rows, over batches, with their first weeks', () => {
    const index = indexOf(rows(['b', 7], ['b', 14]), rows(['b', 21], ['a', 0]))!;
    expect(articlesOf(index)).toEqual(['b', 'a']);
    expect([...index.first]).toEqual([7, 0]);
  });

  it('holds more series than there is room for at first', () => {
    const many = indexOf(rows(...Array.from({ length: 1000 }, (_, i): [string, number] => [`a${i}`, i])))!;
    expect([...many.first]).toEqual([...Array(1000).keys()]);
  });

  it('is none where a series comes back, or weeks fall', () => {
    expect(indexOf(rows(['a', 0], ['b', 0]), rows(['a', 7]))).toBeNull();
    expect(indexOf(rows(['a', 7], ['a', 0]))).toBeNull();
    expect(indexOf(rows(['a', 7], ['b', 0]))).not.toBeNull();
  });
});

describe('the index of a table', () => {
  const index = indexOf(rows(['b', 7], ['b', 14], ['a', 0]))!;
  const asked: (WeekRange | undefined)[] = [];
  const batch = rows(['b', 7], ['b', 14], ['a', 0]);
  const table: Table = {
    ...memoryTable('weekly', [batch]),
    series: index,
    async *batches(options) {
      asked.push(options?.weeks);
      yield batch;
    },
  };

  it('as of a week lacks the series that began later, and is the same where none did', () => {
    expect(articlesOf(asOf(table, 0).series!)).toEqual(['a']);
    expect(seriesUntil(index, 7)).toBe(index);
  });

  it('is not known of weeks that have a beginning: a gap may hide a series', () => {
    expect(betweenWeeks(table, 'week', 0, 21).series).toBeUndefined();
  });

  it('comes with the weeks that are needed, the narrowest of several', async () => {
    await Array.fromAsync(asOf(betweenWeeks(table, 'week', 0, 21), 7).batches({ columns: ['article'] }));
    expect(asked).toEqual([{ role: 'week', after: 0, until: 7 }]);
  });
});
