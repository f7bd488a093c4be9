import { DataError } from '../errors/causes.ts';
import { listing } from '../errors/listing.ts';
import { Batch } from '../batch/batch.ts';
import { missingColumn } from '../batch/missing.ts';
import { isValid, type Column, type StringColumn } from '../columns/column.ts';
import { takeColumn } from '../columns/take.ts';
import { KeyIndex } from '../panel/key-index.ts';
import { SERIES_KEY } from '../panel/panel.ts';
import { collect, type Table } from '../tables/tables.ts';
import { TABLES } from '../tables/definitions.ts';

/**
 * What there is to forecast: the distinct (article, market) of the weekly rows, in the order of their first row, joined
 * with the attributes of the article and of the market. The article roles `group`, `brand`, `season`, `launchWeek` and
 * `seasonEndWeek` are always there, missing where unknown. Bounded by the number of items.
 * @param weekly history and plan of one partition, or of all
 * @param articles attributes by article; none when the dataset has no such table
 * @param markets attributes by market; none when the dataset has no such table
 * @returns one row per item
 * @throws DataError for an article or market of the weekly rows that its table does not know
 */
export async function itemsOf(weekly: Table, articles?: Table, markets?: Table): Promise<Batch> {
  const index = new KeyIndex(SERIES_KEY);
  if (weekly.series !== undefined) index.add(weekly.series.keys);
  else for await (const batch of weekly.batches({ columns: SERIES_KEY })) index.add(batch);
  const [article, market] = index.toColumns();
  const columns: Record<string, Column> = { article: article!, market: market! };
  for (const role of TABLES.articles.roles) {
    if (role.name !== 'article') columns[role.name] = missingColumn(role, index.size);
  }
  let items = new Batch(columns, index.size);
  if (articles !== undefined) items = joinAttributes(items, await collect(articles), 'article', 'articles');
  if (markets !== undefined) items = joinAttributes(items, await collect(markets), 'market', 'markets');
  return items;
}

/** Adds the columns of a small table to the items by one string key. */
function joinAttributes(items: Batch, attributes: Batch, key: string, table: string): Batch {
  const index = new KeyIndex([key]);
  // Numbers follow first appearance, and keys of attribute tables occur once: number = row.
  const numbers = index.add(attributes);
  const repeated = numbers.findIndex((number, row) => number !== row);
  if (repeated !== -1) {
    throw new DataError(`two rows have the same ${key}`, {
      expected: 'one row each',
      found: `${key} ${index.text(numbers[repeated]!, 0)} again`,
      where: { table, row: repeated },
    });
  }
  const rows = index.find(items);
  if (rows.includes(-1)) throw unknownKeys(items.strings(key), rows, key, table);
  const gathered = Uint32Array.from(rows);
  return items.with(
    Object.fromEntries(
      attributes.names
        .filter((name) => name !== key)
        .map((name) => [name, takeColumn(attributes.column(name), gathered)]),
    ),
  );
}

function unknownKeys(keys: StringColumn, rows: Int32Array, key: string, table: string): DataError {
  const unknown = new Set<string>();
  rows.forEach((row, i) => {
    if (row === -1) unknown.add(isValid(keys, i) ? keys.dictionary[keys.values[i]!]! : 'null');
  });
  return new DataError(`the weekly rows have ${key}s that the table ${table} does not know`, {
    expected: `every ${key} in ${table}`,
    found: listing([...unknown]),
    where: { table: 'weekly', column: key },
    remedy: `Add a row for it to ${table}, or take its weekly rows out.`,
  });
}
