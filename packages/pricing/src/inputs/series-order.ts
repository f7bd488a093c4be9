import {
  Batch,
  DataError,
  KeyIndex,
  SERIES_KEY,
  isValid,
  listing,
  takeRows,
  type StringColumn,
} from '@hemline/core';

/** The series of a table, sorted, and how rows find them. */
export interface SeriesOrder {
  /** Finds the series of the rows of any batch; −1: none. */
  find(batch: Batch): Int32Array;
  /** First series of each article [A + 1]. */
  readonly offsets: Int32Array;
  /** Row of the markets [N]. */
  readonly market: Int32Array;
  /** Attributes of the articles, sorted by article [A]. */
  readonly articles: Batch;
  readonly markets: Batch;
}

/** Names of all articles and markets, sorted. */
export interface AllNames {
  readonly articles: readonly string[];
  readonly markets: readonly string[];
}

/**
 * Sorts series by article and market, whatever order the partitions came in: results do not depend on it.
 * @param index of (article, market) that have forecasts
 * @param articles attributes by article; null: none are known
 * @param markets attributes by market; null: none are known
 * @param all articles and markets that are numbered, those without a series here too; by default those of the index
 * @returns the order
 * @throws DataError for articles or markets that their table does not know
 */
export function orderSeries(
  index: KeyIndex,
  articles: Batch | null,
  markets: Batch | null,
  all?: AllNames,
): SeriesOrder {
  const [articleOf, marketOf] = index.toColumns() as [StringColumn, StringColumn];
  const names = (column: StringColumn): string[] => [
    ...new Set(Array.from({ length: column.length }, (_, row) => textOf(column, row))),
  ];
  const articleNames = all?.articles ?? names(articleOf).sort();
  const marketNames = all?.markets ?? names(marketOf).sort();
  const articleRank = new Map(articleNames.map((name, rank) => [name, rank]));
  const marketRank = new Map(marketNames.map((name, rank) => [name, rank]));
  const rankOf = (key: number): number =>
    articleRank.get(textOf(articleOf, key))! * marketNames.length + marketRank.get(textOf(marketOf, key))!;
  const rank = Float64Array.from({ length: index.size }, (_, key) => rankOf(key));
  const order = Uint32Array.from(rank.keys()).sort((a, b) => rank[a]! - rank[b]!);
  const seriesOf = new Int32Array(index.size);
  order.forEach((key, series) => (seriesOf[key] = series));
  const offsets = new Int32Array(articleNames.length + 1);
  order.forEach((key) => offsets[Math.floor(rank[key]! / marketNames.length) + 1]!++);
  for (let a = 0; a < articleNames.length; a++) offsets[a + 1]! += offsets[a]!;
  return {
    find: (batch) => index.find(batch).map((key) => (key === -1 ? -1 : seriesOf[key]!)),
    offsets,
    market: Int32Array.from(order, (key) => rank[key]! % marketNames.length),
    articles: attributesOf(articles, 'article', articleNames),
    markets: attributesOf(markets, 'market', marketNames),
  };
}

function textOf(column: StringColumn, row: number): string {
  if (!isValid(column, row))
    throw new DataError('a forecast lacks its article or market', {
      found: 'null',
      where: { row },
      remedy: 'Forecast again: no model gives such a row.',
    });
  return column.dictionary[column.values[row]!]!;
}

function attributesOf(table: Batch | null, key: 'article' | 'market', names: readonly string[]): Batch {
  const keys = new Batch({
    [key]: {
      type: 'string',
      length: names.length,
      values: Int32Array.from(names.keys()),
      dictionary: names,
      validity: null,
    },
  });
  if (table === null) return keys;
  const index = new KeyIndex([key]);
  const numbers = index.add(table);
  const rowOf = new Map<number, number>();
  numbers.forEach((number, row) => rowOf.set(number, rowOf.get(number) ?? row));
  const found = index.find(keys);
  const missing = names.filter((_, i) => found[i] === -1);
  if (missing.length > 0)
    throw new DataError(`forecasts have ${key}s that the table ${key}s does not know`, {
      expected: `every ${key} in ${key}s`,
      found: listing(missing),
      where: { table: `${key}s`, column: key },
      remedy: 'Price with the dataset that was forecast.',
    });
  return takeRows(
    table,
    Uint32Array.from(found, (number) => rowOf.get(number)!),
  );
}

/** The columns of a key of series, as {@link KeyIndex} takes them. */
export const SERIES_COLUMNS: readonly string[] = SERIES_KEY;
