import {
  collect,
  takeRows,
  Tables,
  TABLES,
  validityWithout,
  type Batch,
  type Column,
  type Table,
  type TableName,
  type Week,
} from '@hemline/core';
import { cut } from '../synthetic/tables.ts';
import type { SeededRandom } from '../synthetic/random.ts';

/**
 * The same rows in a random order and in batches of another size: nothing may depend on either.
 * @param tables the original
 * @param random decides the order
 * @param batchRows rows of a batch
 * @returns tables over the shuffled rows
 */
export async function shuffled(tables: Tables, random: SeededRandom, batchRows: number): Promise<Tables> {
  return mapTables(tables, async (table) => {
    const rows = await collect(table);
    return cut(table.name, takeRows(rows, random.permutation(rows.length)), batchRows, table.schema);
  });
}

const SPOILT_TEXT = 'known too late';

/** What to put in the place of the values that a model must not see. */
export type Garbage = 'numbers' | 'NaN' | 'null';

/** A column of a table. */
export interface TableColumn {
  readonly table: TableName;
  readonly column: string;
}

/**
 * Columns that hold what nobody knows ahead: no key, and nothing that was planned.
 * @param tables any
 * @returns the columns of all tables that grow with the weeks
 */
export function unknownAhead(tables: Tables): TableColumn[] {
  return tables.names.flatMap((name) => {
    const { knownAt, key, knownAhead } = TABLES[name];
    if (knownAt === null) return [];
    return tables
      .get(name)
      .schema.fields.filter(
        (field) => !key.includes(field.name) && !knownAhead.includes(field.name) && field.knownAhead !== true,
      )
      .map(({ name: column }) => ({ table: name, column }));
  });
}

/**
 * Replaces everything that became known after the cutoff. Keys stay, and so does what was planned ahead, because it is
 * known.
 * @param tables the original
 * @param cutoff the last known week
 * @param garbage what to write
 * @param columns to alter; all that nobody knows ahead by default
 * @param ofArticle the only article whose rows are altered; all by default
 * @returns tables that equal the original up to the cutoff
 */
export async function alteredAfter(
  tables: Tables,
  cutoff: Week,
  garbage: Garbage,
  columns: readonly TableColumn[] = unknownAhead(tables),
  ofArticle?: string,
): Promise<Tables> {
  return mapTables(tables, async (table) => {
    const altered = columns.filter((one) => one.table === table.name);
    const { knownAt } = TABLES[table.name];
    if (knownAt === null || altered.length === 0) return table;
    const rows = await collect(table);
    const weeks = rows.weeks(knownAt);
    const articles = ofArticle === undefined ? null : rows.strings('article');
    const hidden = Array.from(weeks.keys()).filter(
      (row) =>
        weeks[row]! > cutoff &&
        (articles === null || articles.dictionary[articles.values[row]!] === ofArticle),
    );
    const spoilt = altered.map(({ column }): [string, Column] => [
      column,
      spoil(rows.column(column), hidden, garbage),
    ]);
    return cut(table.name, rows.with(Object.fromEntries(spoilt)), 97, table.schema);
  });
}

/**
 * Spoils a whole batch but for some columns.
 * @param rows the original
 * @param kept columns to leave alone
 * @param garbage what to write elsewhere
 * @returns the spoilt batch
 */
export function spoilColumns(rows: Batch, kept: readonly string[], garbage: Garbage): Batch {
  const all = Array.from({ length: rows.length }, (_, row) => row);
  const spoilt = [...rows.columns].filter(([name]) => !kept.includes(name));
  return rows.with(Object.fromEntries(spoilt.map(([name, column]) => [name, spoil(column, all, garbage)])));
}

/**
 * Tables without one of them.
 * @param tables the original
 * @param name of the table to leave out
 * @returns the others
 */
export function withoutTable(tables: Tables, name: TableName): Tables {
  return new Tables(tables.names.filter((other) => other !== name).map((other) => tables.get(other)));
}

/**
 * Tables of which one lacks columns.
 * @param tables the original
 * @param name of the table
 * @param columns to leave out
 * @returns the narrower tables
 */
export function withoutColumns(tables: Tables, name: TableName, columns: readonly string[]): Tables {
  return new Tables(
    tables.names.map((other) => {
      const table = tables.get(other);
      return other === name ? narrowed(table, columns) : table;
    }),
  );
}

function narrowed(table: Table, columns: readonly string[]): Table {
  const fields = table.schema.fields.filter((field) => !columns.includes(field.name));
  return {
    name: table.name,
    schema: { fields },
    async *batches(options = {}) {
      for await (const batch of table.batches({ ...options, columns: undefined })) {
        const left = batch.select(fields.map(({ name }) => name));
        yield options.columns === undefined ? left : left.select(options.columns);
      }
    },
  };
}

function spoil(column: Column, rows: readonly number[], garbage: Garbage): Column {
  const floats = column.type === 'float64' || column.type === 'float32';
  // Only floats can hold NaN; every other type is told that the value is missing.
  if (garbage === 'null' || (garbage === 'NaN' && !floats)) {
    const missing = new Set(rows);
    for (let row = 0; row < column.length; row++)
      if (column.validity !== null && (column.validity[row >> 3]! & (1 << (row & 7))) === 0) missing.add(row);
    return { ...column, validity: validityWithout(column.length, missing) };
  }
  const present = column.validity === null ? null : column.validity.slice();
  const values = column.values.slice() as Column['values'];
  for (const row of rows) {
    if (present !== null) present[row >> 3]! |= 1 << (row & 7);
    if (values instanceof BigInt64Array) values[row] = 987_654_321n;
    else if (column.type === 'bool') values[row] = 1 - Number(values[row]);
    else if (column.type === 'string') values[row] = column.dictionary.length;
    else values[row] = garbage === 'NaN' ? NaN : 987_654 + row;
  }
  const spoilt = { ...column, values, validity: present } as Column;
  // A text that is nowhere else: one of the column's own could be the very one that is there.
  return spoilt.type === 'string' ? { ...spoilt, dictionary: [...spoilt.dictionary, SPOILT_TEXT] } : spoilt;
}

async function mapTables(tables: Tables, map: (table: Table) => Promise<Table>): Promise<Tables> {
  return new Tables(await Promise.all(tables.names.map((name) => map(tables.get(name)))));
}
