import {
  collect,
  float64Column,
  KeyIndex,
  SERIES_KEY,
  Tables,
  type Batch,
  type Column,
  type Table,
  type TableName,
  type Week,
} from '@hemline/core';
import { cut } from '../synthetic/tables.ts';

/** What a row is told by when it is decided how much larger it becomes. */
export interface SeriesWeek {
  readonly article: string;
  readonly market: string;
  readonly week: Week;
  /** Of the weekly row; NaN where it is missing. */
  readonly discount: number;
}

/** Columns of the synthetic tables that count units of demand, or move with them. */
const UNITS: Partial<Record<TableName, readonly string[]>> = {
  weekly: ['demand', 'sales', 'stock', 'visits'],
  sizes: ['sales'],
};

/**
 * Tables in which more was demanded: units, and all that moves with them, are larger by a factor, consistently in all of
 * them.
 * @param tables the original, with weekly rows
 * @param factor of a series and week
 * @returns the larger tables
 */
export async function multipliedDemand(tables: Tables, factor: (row: SeriesWeek) => number): Promise<Tables> {
  const weekly = await collect(tables.get('weekly'));
  const index = new KeyIndex(SERIES_KEY);
  const series = index.add(weekly);
  const [weeks, discounts] = [weekly.weeks('week'), weekly.floats('discount')];
  const factors = new Map<string, number>();
  for (const [row, key] of series.entries()) {
    const [article, market] = [index.text(key, 0)!, index.text(key, 1)!];
    factors.set(
      `${key} ${weeks[row]}`,
      factor({ article, market, week: weeks[row]!, discount: discounts[row]! }),
    );
  }
  return mapped(tables, UNITS, (rows) => {
    const keys = index.find(rows);
    const when = rows.weeks('week');
    return (row) => factors.get(`${keys[row]} ${when[row]}`) ?? 1;
  });
}

/**
 * Tables in which some columns are larger by one factor.
 * @param tables the original
 * @param columns by table
 * @param factor of all rows
 * @returns the larger tables
 */
export function multipliedColumns(
  tables: Tables,
  columns: Partial<Record<TableName, readonly string[]>>,
  factor: number,
): Promise<Tables> {
  return mapped(tables, columns, () => () => factor);
}

/** Columns of the synthetic weekly rows, besides demand, that nobody knows ahead: how many times demand they are as bait. */
const BAIT = { sales: 1, stock: 2, visits: 1 } as const;

/** A column that can be bait. */
export type BaitColumn = keyof typeof BAIT;

/** All of them. */
export const BAIT_COLUMNS = Object.keys(BAIT) as BaitColumn[];

/**
 * Tables in which every column of the weekly rows that nobody knows ahead tells the demand of its week: bait for a model that
 * takes one of them as an input of training. When forecasting it is missing.
 * @param tables the original, with weekly rows
 * @param baits the columns
 * @param plain a column that tells nothing instead, to see whether it was that one
 * @returns the baited tables
 */
export async function baited(
  tables: Tables,
  baits: readonly BaitColumn[] = BAIT_COLUMNS,
  plain?: BaitColumn,
): Promise<Tables> {
  const { schema } = tables.get('weekly');
  const weekly = await collect(tables.get('weekly'));
  const demand = weekly.column('demand');
  const columns = baits.map((name): [string, Column] => [
    name,
    name === plain
      ? float64Column(new Float64Array(weekly.length).fill(1))
      : multiplied(demand, () => BAIT[name]),
  ]);
  const rows = weekly.with(Object.fromEntries(columns));
  return new Tables(
    tables.names.map((name) => (name === 'weekly' ? cut(name, rows, 500, schema) : tables.get(name))),
  );
}

async function mapped(
  tables: Tables,
  columns: Partial<Record<TableName, readonly string[]>>,
  factorOf: (rows: Batch) => (row: number) => number,
): Promise<Tables> {
  const map = async (name: TableName): Promise<Table> => {
    const table = tables.get(name);
    const names = columns[name];
    if (names === undefined) return table;
    const rows = await collect(table);
    const factor = factorOf(rows);
    const larger = names.map((column): [string, Column] => [column, multiplied(rows.column(column), factor)]);
    return cut(name, rows.with(Object.fromEntries(larger)), 500, table.schema);
  };
  return new Tables(await Promise.all(tables.names.map(map)));
}

function multiplied(column: Column, factor: (row: number) => number): Column {
  if (column.type !== 'float64') throw new TypeError(`a column of type ${column.type} cannot be multiplied`);
  return { ...column, values: column.values.map((value, row) => value * factor(row)) };
}
