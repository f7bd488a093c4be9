import { LineCases, Sources, lineQuery, sourceOf, type LineSelect } from '../lines/line-query.ts';
import { SALE, lineKinds } from '../lines/reasons.ts';
import type { ImportMap } from '../map/import-map.ts';
import type { FileGroup } from '../source/file-group.ts';
import type { Database } from '../sql/database.ts';
import { MICRO, ValueReader, micro } from '../sql/values.ts';
import { weekSql } from './weekly.ts';

/**
 * A query for the lines of stock snapshots.
 * @param map of the import
 * @param group of files
 * @returns it
 * @throws SchemaError when a column is missing or of a wrong type
 */
export function stockSelect(map: ImportMap, group: FileGroup): LineSelect {
  const { article, market, date, units } = map.stock!.columns;
  const reader = new ValueReader(group, map.timeZone);
  const cases = new LineCases(lineKinds());
  const role = (name: string): string => `stock.columns.${name}`;
  const values = new Map([
    ['article', reader.text(article, role('article'))],
    ['market', reader.text(market, role('market'))],
    ['moment', reader.time(date, role('date'))],
    ['number', reader.number(units, role('units'))],
  ]);
  const sources = new Sources()
    .add('article', sourceOf(article), 'article')
    .add('market', sourceOf(market), 'market')
    .add('date', date, 'moment')
    .add('units', units, 'number');
  cases.add('article IS NULL', 'missingArticle');
  cases.add('market IS NULL', 'missingMarket');
  cases.add(reader.isMissing(date, role('date')), 'missingDate');
  cases.add('moment IS NULL', 'unreadableDate');
  cases.add(reader.isMissing(units, role('units')), 'missingUnits');
  cases.add('number IS NULL', 'unreadableUnits');
  cases.addDays(map);
  const outputs = new Map([
    ['article', 'article'],
    ['market', 'market'],
    ['moment', 'moment'],
    ['units', micro('number')],
  ]);
  return { sql: lineQuery({ group, reader, values, cases, outputs }), sources };
}

/**
 * Gives the cells the stock at the start of their week: the last snapshot of the seven days up to the week's first. A week of
 * stock without a sale, between the first and the last week of all sales, becomes a cell of demand 0 at the price of the
 * week before.
 * @param database with the tables `cells` and `snapshots`
 * @param map of the import
 * @returns how many such weeks there are
 */
export async function addStock(database: Database, map: ImportMap): Promise<number> {
  const day = map.stock!.counted === 'evening' ? 'CAST(moment AS DATE) + 1' : 'CAST(moment AS DATE)';
  await database.run(
    `CREATE TABLE stocks AS
     WITH days AS (
       SELECT article, market, ${day} AS day, greatest(sum(units), 0) / ${MICRO} AS stock FROM snapshots WHERE kind = ${SALE} GROUP BY ALL
     )
     SELECT article, market, ${weekSql('(day + 6)', map)} AS week, arg_max(stock, day) AS stock FROM days GROUP BY ALL`,
    'looking stock up',
  );
  const [[unsold]] = (await database.rows(
    `SELECT count(*) FROM stocks ANTI JOIN cells USING (article, market, week)
     WHERE stock > 0 AND week BETWEEN (SELECT min(week) FROM cells) AND (SELECT max(week) FROM cells)`,
  )) as [[bigint]];
  const before = (price: string): string =>
    `last_value(${price} IGNORE NULLS) OVER (PARTITION BY article, market ORDER BY week) AS ${price}`;
  await database.run(
    `CREATE TABLE stocked AS
     WITH ends AS (SELECT min(week) AS first, max(week) AS last FROM cells)
     SELECT * REPLACE (coalesce(demand, 0) AS demand, ${before('sales_price')}, ${before('list_price')})
     FROM cells FULL JOIN stocks USING (article, market, week)
     WHERE demand IS NOT NULL OR (stock > 0 AND week BETWEEN (SELECT first FROM ends) AND (SELECT last FROM ends))`,
    'looking stock up',
  );
  await database.run('DROP TABLE cells');
  await database.run('ALTER TABLE stocked RENAME TO cells');
  return Number(unsold);
}
