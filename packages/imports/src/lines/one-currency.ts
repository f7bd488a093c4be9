import { DataError } from '@hemline/core';
import type { ImportMap } from '../map/import-map.ts';
import type { FileGroup } from '../source/file-group.ts';
import type { Database } from '../sql/database.ts';
import { sourceOf } from './line-query.ts';
import type { LineSource } from './read-lines.ts';
import { RETURN, SALE } from './reasons.ts';

/** Columns of these names are of currencies, said or not. */
const NAMES =
  /^(order|transaction|price|sales|iso)?[\s_.-]*(currency|währung|waehrung|devise|moneda|valuta|valuuta)[\s_.-]*(code|iso|key)?$/i;

/**
 * Checks that all prices of a market are of one currency: means over several would be of none.
 * @param database to ask
 * @param map of the import
 * @param sources of lines of sales
 * @throws DataError that names the first market with two
 */
export async function checkOneCurrency(
  database: Database,
  map: ImportMap,
  sources: readonly LineSource[],
): Promise<void> {
  const lines = sources.flatMap(({ section, group, select }) => {
    const column = section === 'sales' ? currencyOf(map, group) : undefined;
    if (column === undefined) return [];
    const text = `upper(trim(CAST(line.${group.columns.get(column)!.sql} AS VARCHAR)))`;
    return [
      {
        column,
        sql: `SELECT kind, market, currency FROM (${select.sql(undefined, [`${text} AS currency`])})`,
      },
    ];
  });
  if (lines.length === 0) return;
  const [found] = await database.rows(
    `SELECT market, min(currency), max(currency) FROM (${lines.map(({ sql }) => sql).join(' UNION ALL ')})
     WHERE kind IN (${SALE}, ${RETURN}) AND currency <> '' GROUP BY market HAVING min(currency) <> max(currency) ORDER BY market LIMIT 1`,
    {},
    'looking at currencies',
  );
  if (found === undefined) return;
  const [market, one, other] = found as [string, string, string];
  throw new DataError('a market has prices of two currencies', {
    expected: 'one currency in each market',
    found: `${one} and ${other} in ${market}`,
    where: { table: 'sales', column: lines[0]!.column },
    remedy:
      'Convert them, leave the lines of all others out by a rule of sales.leaveOut, or name a column as the market that tells them apart.',
  });
}

/** The column that the map names, or that is called so. */
function currencyOf({ sales }: ImportMap, { columns }: FileGroup): string | undefined {
  const named = sales.columns.currency === undefined ? undefined : sourceOf(sales.columns.currency);
  if (named !== undefined) return columns.has(named) ? named : undefined;
  return [...columns.keys()].find((name) => NAMES.test(name));
}
