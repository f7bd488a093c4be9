import { addWeeks, memoryTable, schemaOf, sliceRows, Tables, type Table, type Week } from '@hemline/core';
import { BatchBuilder } from '@hemline/evaluation/testing';

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
  const weekly = new BatchBuilder(
    schemaOf(
      { name: 'article', type: 'string' },
      { name: 'market', type: 'string' },
      { name: 'week', type: 'date' },
      { name: unitsColumn, type: 'float64' },
    ),
  );
  for (const { article = 'A', market = 'M', age, units } of sales)
    weekly.add(article, market, addWeeks(CUTOFF, -age), units);
  const returns = new BatchBuilder(
    schemaOf(
      { name: 'article', type: 'string' },
      { name: 'market', type: 'string' },
      { name: 'saleWeek', type: 'date' },
      { name: 'returnWeek', type: 'date' },
      { name: 'units', type: 'float64' },
    ),
  );
  for (const { article = 'A', market = 'M', age, lag, units } of back)
    returns.add(article, market, addWeeks(CUTOFF, -age), addWeeks(CUTOFF, lag - age), units);
  return new Tables([small('weekly', weekly), small('returns', returns)]);
}

function small(name: 'weekly' | 'returns', builder: BatchBuilder): Table {
  const rows = builder.build();
  const batches = Array.from({ length: Math.ceil(rows.length / 400) }, (_, at) =>
    sliceRows(rows, 400 * at, 400 * at + 400),
  );
  return memoryTable(name, batches, builder.schema);
}
