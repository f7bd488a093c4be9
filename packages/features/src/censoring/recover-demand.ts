import { boolColumn, float64Column, type Batch, type Table, type Week } from '@hemline/core';
import type { DemandLevels } from './demand-levels.ts';
import { joinWeeks, type JoinedWeeks } from './joined-weeks.ts';
import { SeriesLevels } from './series-levels.ts';
import type { SizeShares } from './size-shares.ts';

/** Name of the column that tells which rows' demand is an estimate. */
export const IMPUTED = 'imputed';

/**
 * The weekly table with demand in the place of sales: `demand` of weeks in which all sizes were available is as given; of
 * others it is the expected demand given what was sold of which size and the weeks before, at least what was sold. A column
 * `imputed` tells the others: they serve training, and are left out of evaluation. Rows after the cutoff, or without demand,
 * pass as they are.
 * @param weekly the table
 * @param sizes the table; see {@link joinWeeks} for the order of both
 * @param shares of the sizes
 * @param levels how demand moves, and where it begins
 * @param cutoff the last known week; all weeks with demand are known by default
 * @returns a table that reads through; what {@link joinWeeks} throws is thrown while reading
 */
export function recoverDemand(
  weekly: Table,
  sizes: Table,
  shares: SizeShares,
  levels: DemandLevels,
  cutoff?: Week,
): Table {
  const fields = weekly.schema.fields.filter(({ name }) => name !== IMPUTED);
  const schema = {
    fields: [
      ...fields,
      {
        name: IMPUTED,
        type: 'bool',
        description: 'whether demand is an estimate as sizes were sold out',
      } as const,
    ],
  };
  return {
    name: 'weekly',
    schema,
    // Rows stay where they are.
    series: weekly.series,
    async *batches({ columns = schema.fields.map(({ name }) => name), signal } = {}) {
      if (!columns.includes('demand') && !columns.includes(IMPUTED)) {
        yield* weekly.batches({ columns, signal });
        return;
      }
      const series = new SeriesLevels(shares, levels);
      const read = columns.filter((name) => name !== IMPUTED);
      for await (const rows of joinWeeks(weekly, sizes, shares, { columns: read, cutoff, signal }))
        yield recovered(rows, series).select(columns);
    },
  };
}

function recovered(rows: JoinedWeeks, series: SeriesLevels): Batch {
  const { demand: estimates, imputed } = series.follow(rows);
  const given = rows.batch.column('demand');
  const demand = rows.batch.floats('demand').slice();
  for (let row = 0; row < demand.length; row++) if (imputed[row] === 1) demand[row] = estimates[row]!;
  return rows.batch.with({
    demand: float64Column(demand, given.validity),
    [IMPUTED]: boolColumn(imputed),
  });
}
