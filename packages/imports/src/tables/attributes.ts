import { DataError, TABLES } from '@hemline/core';
import { lineLayout } from '../lines/line-layout.ts';
import { LineCases, Sources, lineQuery, sourceOf, type LineSelect } from '../lines/line-query.ts';
import { SALE, lineKinds } from '../lines/reasons.ts';
import type { ImportMap } from '../map/import-map.ts';
import type { FileGroup } from '../source/file-group.ts';
import type { Database } from '../sql/database.ts';
import { identifier } from '../sql/quote.ts';
import { ValueReader } from '../sql/values.ts';

/** Tables of attributes. */
export type AttributeTable = 'articles' | 'markets';

/** The key of each. */
export const KEY_OF = { articles: 'article', markets: 'market' } as const;

/** An attribute, and its column in the dataset. */
interface Attribute {
  readonly name: string;
  readonly column: string;
  readonly isWeek: boolean;
}

/**
 * A query for the lines of a table of attributes.
 * @param map of the import
 * @param table articles or markets
 * @param group of files
 * @returns it
 * @throws SchemaError when a column is missing
 */
export function attributesSelect(map: ImportMap, table: AttributeTable, group: FileGroup): LineSelect {
  const { columns } = map[table]!;
  const reader = new ValueReader(group, map.timeZone);
  const cases = new LineCases(lineKinds());
  const role = (name: string): string => `${table}.columns.${name}`;
  const key = KEY_OF[table];
  const values = new Map([[key as string, reader.text(columns[key]!, role(key))]]);
  const sources = new Sources().add(key, sourceOf(columns[key]!), key);
  cases.add(`${key} IS NULL`, table === 'articles' ? 'missingArticle' : 'missingMarket');
  attributesOf(map, table).forEach(({ name, isWeek }, i) => {
    const spec = columns[name]!;
    if (isWeek) {
      const source = sourceOf(spec);
      values.set(`attribute${i}`, `CAST(${reader.time(source, role(name))} AS DATE)`);
      sources.add('date', source, `attribute${i}`);
      cases.add(`attribute${i} IS NULL AND NOT (${reader.isMissing(source, role(name))})`, 'unreadableDate');
    } else values.set(`attribute${i}`, reader.text(spec, role(name)));
  });
  const outputs = new Map([...values.keys()].map((name) => [name, name])).set(
    'units',
    'CAST(NULL AS BIGINT)',
  );
  return { sql: lineQuery({ group, reader, values, cases, outputs }), sources };
}

/**
 * Makes a view of the attributes: every article or market of the other tables has a row, known or not.
 * @param database with the table `lines`, and one named like the attributes where these have files
 * @param map of the import
 * @param table articles or markets
 * @param others tables with articles and markets: `cells`, and tables of lines
 * @returns how many have no attributes, and the query for the rows
 * @throws DataError where one has two values of an attribute
 */
export async function attributeRows(
  database: Database,
  map: ImportMap,
  table: AttributeTable,
  others: readonly string[],
): Promise<{ readonly unknown: number; readonly select: string }> {
  const key = KEY_OF[table];
  const all = others
    .map((name) => `SELECT ${key} FROM ${name}${name === 'cells' ? '' : ` WHERE kind = ${SALE}`}`)
    .join(' UNION ALL ');
  const sold = `SELECT DISTINCT ${key} FROM (${all})`;
  const attributes = attributesOf(map, table);
  if (map[table] === undefined) return { unknown: 0, select: `${sold} ORDER BY ${key}` };
  const names = attributes.map(({ column }) => identifier(column));
  if (map[table].files === undefined) {
    await mostCommon(database, map, table);
    const select = `SELECT ${[key, ...names].join(', ')} FROM (${sold}) LEFT JOIN common_${table} USING (${key}) ORDER BY ${key}`;
    return { unknown: 0, select };
  }
  await checkOneValue(database, map, table, attributes);
  const values = attributes.map(({ column }, i) => `any_value(attribute${i}) AS ${identifier(column)}`);
  const known = `SELECT ${[key, ...values].join(', ')} FROM ${table} WHERE kind = ${SALE} GROUP BY ${key}`;
  const [[unknown]] = (await database.rows(
    `SELECT count(*) FROM (${sold}) ANTI JOIN (${known}) USING (${key})`,
  )) as [[bigint]];
  const select = `SELECT ${[key, ...names].join(', ')} FROM (${sold}) FULL JOIN (${known}) USING (${key}) ORDER BY ${key}`;
  return { unknown: Number(unknown), select };
}

/** Attributes besides the key; roles are written in snake_case. */
function attributesOf(map: ImportMap, table: AttributeTable): Attribute[] {
  const roles = TABLES[table].roles;
  return Object.keys(map[table]?.columns ?? {})
    .filter((name) => name !== KEY_OF[table])
    .map((name) => {
      const role = roles.find((each) => each.name === name);
      const column =
        role === undefined ? name : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      return { name, column, isWeek: role?.type === 'date' };
    });
}

/** What most lines say; of values that are said as often, the first in the alphabet. */
async function mostCommon(database: Database, map: ImportMap, table: AttributeTable): Promise<void> {
  const key = KEY_OF[table];
  const attributes = attributesOf(map, table);
  const tables = attributes.map(({ name, column, isWeek }) => {
    const { column: source } = lineLayout(map).attributes.find(
      (each) => each.table === table && each.name === name,
    )!;
    const value = isWeek ? 'TRY_CAST(value AS DATE)' : 'value';
    return `(SELECT ${key}, ${value} AS ${identifier(column)} FROM (SELECT ${key}, ${source} AS value, count(*) AS said FROM lines WHERE kind = ${SALE} AND ${source} IS NOT NULL GROUP BY ALL) QUALIFY row_number() OVER (PARTITION BY ${key} ORDER BY said DESC, value) = 1)`;
  });
  const joined = tables.reduce((left, right) => `${left} FULL JOIN ${right} USING (${key})`);
  await database.run(`CREATE TABLE common_${table} AS FROM ${joined}`, `summing ${table}`);
}

async function checkOneValue(
  database: Database,
  map: ImportMap,
  table: AttributeTable,
  attributes: readonly Attribute[],
): Promise<void> {
  const key = KEY_OF[table];
  for (const [i, { name }] of attributes.entries()) {
    const [twice] = await database.rows(
      `SELECT ${key}, CAST(min(attribute${i}) AS VARCHAR), CAST(max(attribute${i}) AS VARCHAR) FROM ${table} WHERE kind = ${SALE}
       GROUP BY ${key} HAVING count(DISTINCT attribute${i}) > 1 ORDER BY ALL LIMIT 1`,
    );
    if (twice === undefined) continue;
    throw new DataError(`one of ${table} has two values of an attribute`, {
      expected: `one ${name} of each ${key}`,
      found: `${String(twice[1])} and ${String(twice[2])} of ${String(twice[0])}`,
      where: { table, column: sourceOf(map[table]!.columns[name]!) },
      remedy: 'Take one of the lines out.',
    });
  }
}
