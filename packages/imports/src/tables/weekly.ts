import type { ImportMap } from '../map/import-map.ts';
import { WEEK_STARTS } from '../map/import-map.ts';
import { lineLayout } from '../lines/line-layout.ts';
import { SALE } from '../lines/reasons.ts';
import type { Database } from '../sql/database.ts';
import { identifier } from '../sql/quote.ts';
import { MICRO } from '../sql/values.ts';

/** Where no list tells it, the black price is the highest weekly price of so many weeks, the week itself among them. */
export const BLACK_PRICE_WEEKS = 13;

/** Where a black price comes from. */
export type BlackPriceSource = 'lines' | 'list' | 'highest';

/**
 * @param map of the import
 * @returns where black prices come from: what the map says, or the best of what there is
 */
export function blackPriceSource(map: ImportMap): BlackPriceSource {
  if (map.blackPrice !== undefined) return map.blackPrice;
  if (map.prices !== undefined) return 'list';
  return lineLayout(map).hasList ? 'lines' : 'highest';
}

/**
 * @param day an expression of a DATE or TIMESTAMP
 * @param map that says on which weekday weeks begin
 * @returns the first day of its week
 */
export function weekSql(day: string, { weekStart }: ImportMap): string {
  const first = WEEK_STARTS.indexOf(weekStart) + 1;
  return `(CAST(${day} AS DATE) - CAST((isodow(${day}) - ${first} + 7) % 7 AS INTEGER))`;
}

/**
 * Sums sales by article, market and week into the table `cells`. Sums are of whole numbers, so that they do not depend on
 * the order of lines.
 * @param database with the table `lines`
 * @param map of the import
 */
export async function sumWeeks(database: Database, map: ImportMap): Promise<void> {
  const { isDaily, hasList, covariates } = lineLayout(map);
  const price = isDaily
    ? `coalesce(sum(revenue) / nullif(sum(units), 0), sum(shelf) / count(shelf) / ${MICRO})`
    : 'sum(revenue) / sum(units)';
  const listed = 'sum(list) / nullif(sum(units) FILTER (list IS NOT NULL), 0)';
  const list = isDaily ? `coalesce(${listed}, sum(shelf_list) / count(shelf_list) / ${MICRO})` : listed;
  const columns = [
    `sum(units) / ${MICRO} AS demand`,
    `${price} AS sales_price`,
    hasList ? `${list} AS list_price` : 'CAST(NULL AS DOUBLE) AS list_price',
    ...(map.sales.columns.stock === undefined
      ? []
      : [
          'min_by(CASE WHEN stock > 0 THEN stock ELSE 0 END, {moment: moment, line: rowid}) FILTER (stock IS NOT NULL) AS stock',
        ]),
    ...[...covariates].map(([name, column]) => `${covariateSql(map, name, column)} AS ${column}`),
  ];
  await database.run(
    `CREATE TABLE cells AS SELECT article, market, ${weekSql('moment', map)} AS week, ${columns.join(', ')} FROM lines WHERE kind = ${SALE} GROUP BY ALL`,
    'summing weeks',
  );
}

/**
 * Makes the view `weekly` of the cells: with black price and discount.
 * @param database with the tables `cells`, and `listed` where prices come from a list
 * @param map of the import
 * @returns columns of the table as they are written
 */
export async function priceWeeks(database: Database, map: ImportMap): Promise<string[]> {
  const source = blackPriceSource(map);
  const { covariates } = lineLayout(map);
  const hasStock = map.sales.columns.stock !== undefined || map.stock !== undefined;
  const black = {
    lines: 'list_price',
    list: 'black_price_of_list',
    highest: `max(sales_price) OVER (PARTITION BY article, market ORDER BY week RANGE BETWEEN INTERVAL ${(BLACK_PRICE_WEEKS - 1) * 7} DAY PRECEDING AND CURRENT ROW)`,
  }[source];
  const others = [
    ...(hasStock ? ['stock'] : []),
    ...[...covariates].map(([name, column]) => `${column} AS ${identifier(name)}`),
  ];
  // What was sold above its list price was sold without discount.
  const discount = 'CASE WHEN sales_price > black_price THEN 0 ELSE 1 - sales_price / black_price END';
  const given = [
    'article',
    'market',
    'week',
    'demand',
    'sales_price',
    `${discount} AS discount`,
    'black_price',
  ];
  await database.run(
    `CREATE VIEW weekly AS SELECT ${[...given, ...others].join(', ')} FROM (SELECT *, ${black} AS black_price FROM cells)`,
  );
  return [
    ...['article', 'market', 'week', 'demand', 'sales_price', 'discount', 'black_price'],
    ...(hasStock ? ['stock'] : []),
    ...covariates.keys(),
  ];
}

function covariateSql(map: ImportMap, name: string, column: string): string {
  const { of } = map.sales.covariates[name]!;
  if (of === 'max' || of === 'min') return `${of}(${column})`;
  const sum = `sum(CAST(round(${column} * ${MICRO}) AS BIGINT)) / ${MICRO}`;
  return of === 'sum' ? sum : `${sum} / nullif(count(${column}), 0)`;
}
