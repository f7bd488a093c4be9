import {
  addWeeks,
  Batch,
  dateColumn,
  float64Column,
  memoryTable,
  sliceRows,
  stringsToColumn,
  Tables,
  validityWithout,
  type Column,
  type Table,
  type Week,
} from '@hemline/core';

/** The last known week of the tests. */
export const CUTOFF: Week = 19_002;

/** Units sold in one week. */
export interface Sale {
  readonly article?: string;
  readonly market?: string;
  /** Weeks before the cutoff; negative lies after it. */
  readonly age: number;
  readonly units: number | null;
}

/** Units of one week's sales that came back. */
export interface Return extends Sale {
  readonly lag: number;
}

/**
 * The two tables, in small batches.
 * @param sales rows of weekly
 * @param back rows of returns
 * @param unitsColumn the column of weekly that holds the units
 * @returns the tables
 */
export function cohortTables(
  sales: readonly Sale[],
  back: readonly Return[],
  unitsColumn = 'demand',
): Tables {
  const weekly = new Batch({
    ...keyColumns(sales),
    week: weekColumn(sales.map(({ age }) => -age)),
    [unitsColumn]: amountColumn(sales),
  });
  const returns = new Batch({
    ...keyColumns(back),
    saleWeek: weekColumn(back.map(({ age }) => -age)),
    returnWeek: weekColumn(back.map(({ age, lag }) => lag - age)),
    units: amountColumn(back),
  });
  return new Tables([small('weekly', weekly), small('returns', returns)]);
}

function keyColumns(rows: readonly Sale[]): Record<string, Column> {
  return {
    article: stringsToColumn(rows.map(({ article = 'A' }) => article)),
    market: stringsToColumn(rows.map(({ market = 'M' }) => market)),
  };
}

function weekColumn(positions: readonly number[]): Column {
  return dateColumn(Int32Array.from(positions, (position) => addWeeks(CUTOFF, position)));
}

function amountColumn(rows: readonly Sale[]): Column {
  const missing = [...rows.keys()].filter((row) => rows[row]!.units === null);
  const values = Float64Array.from(rows, ({ units }) => units ?? 0);
  return float64Column(values, validityWithout(rows.length, missing));
}

function small(name: 'weekly' | 'returns', rows: Batch): Table {
  const batches = Array.from({ length: Math.ceil(rows.length / 400) }, (_, at) =>
    sliceRows(rows, 400 * at, 400 * at + 400),
  );
  return memoryTable(name, batches, rows.schema);
}
