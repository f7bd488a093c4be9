import { DataError, columnOnDisk } from '@hemline/core';
import { LineCases, Sources, lineQuery, sourceOf, type LineSelect } from '../lines/line-query.ts';
import { SALE, lineKinds } from '../lines/reasons.ts';
import type { ImportMap, TextColumn } from '../map/import-map.ts';
import type { FileGroup } from '../source/file-group.ts';
import type { Database } from '../sql/database.ts';
import { MICRO, ValueReader, micro } from '../sql/values.ts';
import { weekSql } from './weekly.ts';

/** Tables of sums by week that have files of their own. */
export type SumTable = 'sizes' | 'fulfillment' | 'clearance';

/** Their names. */
export const SUM_TABLES: readonly SumTable[] = ['sizes', 'fulfillment', 'clearance'];

/** How a column of such a table comes from lines. */
interface SummedColumn {
  /** Role in the map. */
  readonly from: string;
  /** Column of the table, by role. */
  readonly name: string;
  /** `mean`: by units. `all`: whether it holds of all lines. */
  readonly of: 'sum' | 'mean' | 'all';
  /** What a line without a value means. */
  readonly missing: 'nothing' | 'mistake';
}

const COLUMNS: Readonly<Record<SumTable, readonly SummedColumn[]>> = {
  sizes: [
    { from: 'units', name: 'sales', of: 'sum', missing: 'mistake' },
    { from: 'available', name: 'available', of: 'all', missing: 'mistake' },
  ],
  fulfillment: ['shippedUnits', 'shippingCost', 'returnedUnits', 'returnCost'].map((name) => ({
    ...{ from: name, name, of: 'sum' as const },
    // A line of a shipment says nothing of returns.
    missing: 'nothing' as const,
  })),
  clearance: [
    { from: 'units', name: 'units', of: 'sum', missing: 'mistake' },
    { from: 'value', name: 'value', of: 'sum', missing: 'mistake' },
    { from: 'blackPrice', name: 'blackPrice', of: 'mean', missing: 'mistake' },
  ],
};

/**
 * A query for the lines of a table of sums.
 * @param map of the import
 * @param table which
 * @param group of files
 * @returns it
 * @throws SchemaError when a column is missing or of a wrong type
 */
export function sumsSelect(map: ImportMap, table: SumTable, group: FileGroup): LineSelect {
  const columns = map[table]!.columns as Readonly<Record<string, TextColumn>>;
  const reader = new ValueReader(group, map.timeZone);
  const cases = new LineCases(lineKinds());
  const sources = new Sources();
  const values = new Map<string, string>();
  const outputs = new Map<string, string>();
  const role = (name: string): string => `${table}.columns.${name}`;
  for (const name of keysOf(table)) {
    values.set(name, reader.text(columns[name]!, role(name)));
    outputs.set(name, name);
    sources.add(name, sourceOf(columns[name]!), name);
    cases.add(`${name} IS NULL`, `missing${name[0]!.toUpperCase()}${name.slice(1)}`);
  }
  const date = columns['date'] as string;
  values.set('moment', reader.time(date, role('date')));
  outputs.set('moment', 'moment');
  sources.add('date', date, 'moment');
  cases.add(reader.isMissing(date, role('date')), 'missingDate');
  cases.add('moment IS NULL', 'unreadableDate');
  COLUMNS[table].forEach(({ from, of, missing }, i) => {
    const column = columns[from] as string;
    const value = `number${i}`;
    values.set(value, of === 'all' ? reader.flag(column, role(from)) : reader.number(column, role(from)));
    sources.add('amounts', column, value);
    const isMissing = reader.isMissing(column, role(from));
    if (missing === 'mistake') cases.add(isMissing, 'missingAmount');
    cases.add(`${value} IS NULL AND NOT (${isMissing})`, 'unreadableAmount');
    outputs.set(value, of === 'all' ? `${value} > 0` : micro(`coalesce(${value}, 0)`));
  });
  cases.addDays(map);
  // What was cleared has a price; a correction of the value alone has none.
  if (table === 'clearance') cases.add('number0 = 0', 'noUnits');
  outputs.set('units', micro(table === 'fulfillment' ? 'coalesce(number0, 0)' : 'number0'));
  return { sql: lineQuery({ group, reader, values, cases, outputs }), sources };
}

/**
 * Sums lines by week, for a table of the dataset.
 * @param database with the lines, in a table of that name
 * @param map of the import
 * @param table which
 * @param lines name of the table of lines
 * @returns the query for its rows
 * @throws DataError where a week has less than nothing: more corrected than there was
 */
export async function sumRows(
  database: Database,
  map: ImportMap,
  table: SumTable,
  lines: string,
): Promise<string> {
  const keys = keysOf(table).join(', ');
  const summed = COLUMNS[table].map(({ name, of }, i) => {
    const value = `number${i}`;
    const sql = {
      sum: `sum(${value}) / ${MICRO}`,
      all: `bool_and(${value})`,
      mean: `coalesce(sum(CAST(${value} AS DOUBLE) * number0) / nullif(sum(CAST(number0 AS DOUBLE)), 0), avg(${value})) / ${MICRO}`,
    }[of];
    return `${sql} AS ${columnOnDisk(name)}`;
  });
  const sums = `${table}_sums`;
  await database.run(
    `CREATE TABLE ${sums} AS SELECT ${keys}, ${weekSql('moment', map)} AS week, ${summed.join(', ')} FROM ${lines} WHERE kind = ${SALE} GROUP BY ALL`,
    `summing ${table}`,
  );
  await checkSums(database, table, sums);
  const names = COLUMNS[table].map(({ name }) => columnOnDisk(name));
  const order = ['article', 'market', 'week', ...(table === 'sizes' ? ['size'] : [])];
  return `SELECT ${[...order, ...names].join(', ')} FROM ${sums} ORDER BY ${order.join(', ')}`;
}

function keysOf(table: SumTable): readonly string[] {
  return ['article', 'market', ...(table === 'sizes' ? ['size'] : [])];
}

async function checkSums(database: Database, table: SumTable, sums: string): Promise<void> {
  for (const { from, name, of } of COLUMNS[table]) {
    if (of === 'all') continue;
    const column = columnOnDisk(name);
    const [found] = await database.rows(
      `SELECT article, market, CAST(week AS VARCHAR), ${column} FROM ${sums} WHERE ${column} < 0 ORDER BY ALL LIMIT 1`,
    );
    if (found === undefined) continue;
    const [article, market, week, value] = found as [string, string, string, number];
    throw new DataError(`a week of ${table} has less than nothing`, {
      expected: `${from} of at least 0 in each week`,
      found: `${value} of article ${article} in ${market} in the week of ${week}`,
      where: { table, column: from },
      remedy: 'Take corrections of earlier weeks out, or put them where they belong.',
    });
  }
}
