import {
  DataError,
  DAYS_PER_WEEK,
  formatWeek,
  SchemaError,
  throwIfAborted,
  type Batch,
  type ProgressEvent,
  type Table,
  type Week,
} from '@hemline/core';
import type { ArticleAttributes } from '../shrinkage/article-attributes.ts';

/** How sales and returns are read. */
export interface CohortReading {
  /** The last known week. Cohorts and returns after it are passed over. */
  readonly cutoff: Week;
  /** Returns take at most so many weeks. */
  readonly maximumLag: number;
  /** Key columns to read: `market`, or `article` and `market`. */
  readonly keys: readonly string[];
  /** Joined to each batch, where given; needs the key `article`. */
  readonly attributes?: ArticleAttributes;
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
}

/** Units sold or returned, row by row. Rows to pass over have 0 units. */
export interface CohortRows {
  /** The key columns, and attributes where asked for. */
  readonly keys: Batch;
  readonly saleWeek: Int32Array;
  /** Weeks from the sale to the cutoff; 0 for rows to pass over. */
  readonly age: Int32Array;
  /** Weeks from the sale to the return; 0 for sales. */
  readonly lag: Int32Array;
  readonly units: Float64Array;
}

/**
 * Streams the units sold: `sales`, or `demand` where the table has no such column. Weeks without a value are passed over.
 * @param weekly the table
 * @param reading how
 * @yields rows of one batch
 * @throws SchemaError when there is no column of units
 * @throws InterruptedError when the signal is raised
 */
export async function* readSales(weekly: Table, reading: CohortReading): AsyncGenerator<CohortRows> {
  const units = unitsColumn(weekly);
  let done = 0;
  for await (const batch of weekly.batches({
    columns: [...reading.keys, 'week', units],
    signal: reading.signal,
  })) {
    throwIfAborted(reading.signal);
    const saleWeek = batch.weeks('week');
    const amounts = batch.floats(units);
    const known = amounts.map((amount, row) =>
      Number.isNaN(amount) || saleWeek[row]! > reading.cutoff ? 0 : amount,
    );
    const age = known.map((amount, row) => (amount === 0 ? 0 : ageOf(saleWeek[row]!, reading.cutoff)));
    const lag = new Int32Array(batch.length);
    yield { keys: keysOf(batch, reading), saleWeek, age: Int32Array.from(age), lag, units: known };
    done += batch.length;
    reading.onProgress?.({ phase: 'reading weekly', done, total: null, unit: 'rows' });
  }
}

/**
 * Streams the units returned.
 * @param returns the table
 * @param reading how
 * @param since sales before this week are not in the weekly table, so that their returns are passed over
 * @yields rows of one batch
 * @throws DataError for a return before its sale, or later than the maximum lag
 * @throws InterruptedError when the signal is raised
 */
export async function* readReturns(
  returns: Table,
  reading: CohortReading,
  since: Week,
): AsyncGenerator<CohortRows> {
  const columns = [...reading.keys, 'saleWeek', 'returnWeek', 'units'];
  let done = 0;
  for await (const batch of returns.batches({ columns, signal: reading.signal })) {
    throwIfAborted(reading.signal);
    const saleWeek = batch.weeks('saleWeek');
    const returnWeek = batch.weeks('returnWeek');
    const amounts = batch.floats('units');
    const age = new Int32Array(batch.length);
    const lag = new Int32Array(batch.length);
    const units = new Float64Array(batch.length);
    for (let row = 0; row < batch.length; row++) {
      if (returnWeek[row]! > reading.cutoff) continue;
      const weeks = (returnWeek[row]! - saleWeek[row]!) / DAYS_PER_WEEK;
      if (!Number.isInteger(weeks) || weeks < 0 || weeks > reading.maximumLag)
        throw badLag(saleWeek[row]!, returnWeek[row]!, weeks, reading.maximumLag);
      if (saleWeek[row]! < since || Number.isNaN(amounts[row])) continue;
      age[row] = ageOf(saleWeek[row]!, reading.cutoff);
      lag[row] = weeks;
      units[row] = amounts[row]!;
    }
    yield { keys: keysOf(batch, reading), saleWeek, age, lag, units };
    done += batch.length;
    reading.onProgress?.({ phase: 'reading returns', done, total: null, unit: 'rows' });
  }
}

/**
 * @param rows of a batch of sales
 * @returns the first week with units sold; infinite where there is none
 */
export function firstSale({ saleWeek, units }: CohortRows): Week {
  let first = Infinity;
  for (let row = 0; row < units.length; row++)
    if (units[row] !== 0 && saleWeek[row]! < first) first = saleWeek[row]!;
  return first;
}

function ageOf(saleWeek: Week, cutoff: Week): number {
  return Math.floor((cutoff - saleWeek) / DAYS_PER_WEEK);
}

function keysOf(batch: Batch, { keys, attributes }: CohortReading): Batch {
  const chosen = batch.select(keys);
  return attributes === undefined ? chosen : attributes.join(chosen);
}

function unitsColumn(weekly: Table): string {
  const names = weekly.schema.fields.map(({ name }) => name);
  const found = ['sales', 'demand'].find((name) => names.includes(name));
  if (found !== undefined) return found;
  throw new SchemaError('the table says nothing about units sold', {
    expected: 'a column sales or demand',
    found: `columns ${names.join(', ')}`,
    where: { table: 'weekly' },
    remedy: 'Map the column of units sold to the role sales in dataset.json.',
  });
}

function badLag(sale: Week, back: Week, weeks: number, maximumLag: number): DataError {
  const late = Number.isInteger(weeks) && weeks > maximumLag;
  return new DataError('a return has an impossible delay', {
    expected: `a return week 0 to ${maximumLag} whole weeks after the sale week`,
    found: `sold ${formatWeek(sale)}, returned ${formatWeek(back)}`,
    where: { table: 'returns', column: 'returnWeek' },
    remedy: late
      ? 'Take out returns that came after the return period, or raise the hyperparameter that bounds the delay.'
      : 'Both weeks must be first days of weeks of one calendar, the return not before the sale: correct or take out the row.',
  });
}
