import { DataError } from '@hemline/core';
import { LineCases, Sources, lineQuery, sourceOf, type LineSelect } from '../lines/line-query.ts';
import { SALE, lineKinds } from '../lines/reasons.ts';
import type { ImportMap } from '../map/import-map.ts';
import type { FileGroup } from '../source/file-group.ts';
import type { Database } from '../sql/database.ts';
import { ValueReader } from '../sql/values.ts';

/**
 * A query for the lines of a price list.
 * @param map of the import
 * @param group of files
 * @returns it
 * @throws SchemaError when a column is missing or of a wrong type
 */
export function pricesSelect(map: ImportMap, group: FileGroup): LineSelect {
  const { article, market, price, validFrom, validTo } = map.prices!.columns;
  const reader = new ValueReader(group, map.timeZone);
  const cases = new LineCases(lineKinds());
  const role = (name: string): string => `prices.columns.${name}`;
  const values = new Map([
    ['article', reader.text(article, role('article'))],
    ['market', market === undefined ? 'CAST(NULL AS VARCHAR)' : reader.text(market, role('market'))],
    ['price', reader.number(price, role('price'))],
    ['valid_from', `CAST(${reader.time(validFrom, role('validFrom'))} AS DATE)`],
    [
      'valid_to',
      validTo === undefined ? 'CAST(NULL AS DATE)' : `CAST(${reader.time(validTo, role('validTo'))} AS DATE)`,
    ],
  ]);
  const sources = new Sources()
    .add('article', sourceOf(article), 'article')
    .add('price', price, 'price')
    .add('date', validFrom, 'valid_from');
  cases.add('article IS NULL', 'missingArticle');
  if (market !== undefined) {
    sources.add('market', sourceOf(market), 'market');
    cases.add('market IS NULL', 'missingMarket');
  }
  cases.add(reader.isMissing(validFrom, role('validFrom')), 'missingDate');
  cases.add('valid_from IS NULL', 'unreadableDate');
  if (validTo !== undefined) {
    sources.add('validTo', validTo, 'valid_to');
    cases.add(`valid_to IS NULL AND NOT (${reader.isMissing(validTo, role('validTo'))})`, 'unreadableEnd');
    cases.add('valid_to < valid_from', 'endsBeforeItBegins');
  }
  cases.add(`price IS NULL AND NOT (${reader.isMissing(price, role('price'))})`, 'unreadablePrice');
  cases.add('NOT coalesce(price > 0, false)', 'unpriced');
  const outputs = new Map(
    ['article', 'market', 'price', 'valid_from', 'valid_to'].map((name) => [name, name]),
  ).set('units', 'CAST(NULL AS BIGINT)');
  return { sql: lineQuery({ group, reader, values, cases, outputs }), sources };
}

/**
 * Gives the cells the price of the list, as `black_price_of_list`: the latest that is valid on the week's first day; where
 * there is none, the first that becomes valid within the week.
 * @param database with the tables `cells` and `prices`
 * @param map of the import
 * @throws DataError where the list has two prices from one day on
 */
export async function priceByList(database: Database, map: ImportMap): Promise<void> {
  await checkOnePrice(database, map);
  const hasMarket = map.prices!.columns.market !== undefined;
  const key = hasMarket ? 'article, market' : 'article';
  await database.run(
    `CREATE TABLE black_prices AS
     WITH list AS (
       SELECT ${key}, valid_from, any_value(price) AS price, max(coalesce(valid_to, DATE '9999-12-31')) AS valid_to
       FROM prices WHERE kind = ${SALE} GROUP BY ${key}, valid_from
     ), weeks AS (SELECT DISTINCT ${key}, week FROM cells)
     SELECT ${key}, week, arg_max(price, CASE WHEN valid_from <= week THEN valid_from - DATE '1000-01-01' ELSE week - valid_from END) AS black_price_of_list
     FROM weeks JOIN list USING (${key}) WHERE valid_from <= week + 6 AND valid_to >= week GROUP BY ${key}, week`,
    'looking prices up',
  );
  await database.run(
    `CREATE TABLE priced AS SELECT cells.*, black_price_of_list FROM cells LEFT JOIN black_prices USING (${key}, week)`,
  );
  await database.run('DROP TABLE cells');
  await database.run('ALTER TABLE priced RENAME TO cells');
}

async function checkOnePrice(database: Database, map: ImportMap): Promise<void> {
  const [twice] = await database.rows(
    `SELECT article, market, CAST(valid_from AS VARCHAR), min(price), max(price) FROM prices WHERE kind = ${SALE}
     GROUP BY article, market, valid_from HAVING min(price) <> max(price) ORDER BY ALL LIMIT 1`,
  );
  if (twice === undefined) return;
  const [article, market, day, low, high] = twice as [string, string | null, string, number, number];
  throw new DataError('the price list has two prices of one article from one day on', {
    expected: 'one',
    found: `${low} and ${high} of article ${article}${market === null ? '' : ` in ${market}`} from ${day} on`,
    where: { table: 'prices', column: map.prices!.columns.price },
    remedy: 'Take one of them out; prices by market need prices.columns.market in the map.',
  });
}
