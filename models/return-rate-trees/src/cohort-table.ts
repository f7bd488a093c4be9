import {
  DAYS_PER_WEEK,
  KeyIndex,
  SchemaError,
  SERIES_KEY,
  throwIfAborted,
  weeksBetween,
  type Table,
  type Tables,
  type TrainingJob,
  type Week,
} from '@hemline/core';
import { readReturns } from '@hemline/features';
import { GrowingColumns, type NumberColumns } from './growing-columns.ts';
import { stableOrder } from './stable-order.ts';

/** Weekly cohorts of all series: rows sorted by series, then week; series sorted by article, then market. */
export interface CohortTable {
  /** Article and market of each series, by number. */
  readonly keys: KeyIndex;
  /** Number in `keys` of each series, in sorted order. */
  readonly series: Int32Array;
  /** Where the rows of each series begin, and at last where they end. */
  readonly offsets: Int32Array;
  readonly firstWeek: Week;
  /** Weeks since `firstWeek`. */
  readonly week: Int32Array;
  /** Units sold, 0 where unknown. */
  readonly units: Float64Array;
  /** Of the units sold, those that are back by the cutoff. */
  readonly returned: Float64Array;
  /** NaN where unknown. */
  readonly discount: Float32Array;
  readonly price: Float32Array;
  /** 1 where all sizes were there all week, 0 where not, NaN where unknown. */
  readonly available: Float32Array;
  /** Returns by the week they came back in: series (sorted order), week since `firstWeek`, units; sorted by series. */
  readonly backSeries: Int32Array;
  readonly backWeek: Int32Array;
  readonly backUnits: Float64Array;
  /** The cohort that they are of. */
  readonly backRow: Int32Array;
}

/**
 * Reads the cohorts sold up to the cutoff and what came back of them. Memory: some 60 bytes a row of `weekly`, 20 a row of
 * `returns`.
 * @param job cutoff, signal, progress
 * @param tables `weekly` and `returns`
 * @param maximumLag weeks within which returns arrive
 * @returns the cohorts
 * @throws SchemaError when a table or column is missing
 * @throws DataError for a return with an impossible delay
 */
export async function readCohortTable(
  job: TrainingJob,
  tables: Tables,
  maximumLag: number,
): Promise<CohortTable> {
  const keys = new KeyIndex(SERIES_KEY);
  const { sold, firstSale: firstWeek } = await readWeekly(job, tables.get('weekly'), keys);
  const series = sortedSeries(keys);
  const rank = new Int32Array(keys.size);
  series.forEach((number, at) => (rank[number] = at));
  const order = sortRows(sold.series, sold.week, rank);
  const table = {
    keys,
    series,
    offsets: offsetsOf(order, sold.series, rank, series.length),
    firstWeek,
    week: Int32Array.from(order, (row) => weeksBetween(firstWeek, sold.week[row]!)),
    units: Float64Array.from(order, (row) => sold.units[row]!),
    discount: Float32Array.from(order, (row) => sold.discount[row]!),
    price: Float32Array.from(order, (row) => sold.price[row]!),
    available: Float32Array.from(order, (row) => sold.available[row]!),
    returned: new Float64Array(order.length),
  };
  return { ...table, ...(await readBack(job, tables.get('returns'), table, rank, maximumLag)) };
}

/** Columns of the weekly table, as they are read. */
const WEEKLY = {
  series: Int32Array,
  week: Int32Array,
  units: Float64Array,
  discount: Float32Array,
  price: Float32Array,
  available: Float32Array,
};

async function readWeekly(
  { cutoff, signal, onProgress }: TrainingJob,
  weekly: Table,
  keys: KeyIndex,
): Promise<{ readonly sold: NumberColumns<typeof WEEKLY>; readonly firstSale: Week }> {
  const there = weekly.schema.fields.map(({ name }) => name);
  const units = ['sales', 'demand'].find((name) => there.includes(name));
  if (units === undefined)
    throw new SchemaError('the table says nothing about units sold', {
      expected: 'a column sales or demand',
      found: `columns ${there.join(', ')}`,
      where: { table: 'weekly' },
      remedy: 'Map the column of units sold to the role sales in dataset.json.',
    });
  const optional = ['discount', 'blackPrice', 'uncensored'].filter((name) => there.includes(name));
  const columns = new GrowingColumns(WEEKLY);
  let firstSale = Infinity;
  let done = 0;
  for await (const batch of weekly.batches({
    columns: ['article', 'market', 'week', units, ...optional],
    signal,
  })) {
    throwIfAborted(signal);
    const numbers = keys.add(batch);
    const weeks = batch.weeks('week');
    const sold = batch.floats(units);
    const none = new Float64Array(optional.length === 3 ? 0 : batch.length).fill(NaN);
    const [discount, price, available] = ['discount', 'blackPrice', 'uncensored'].map((name) =>
      optional.includes(name) ? batch.floats(name) : none,
    );
    const into = columns.reserve(batch.length);
    let at = columns.length;
    for (let row = 0; row < batch.length; row++) {
      if (weeks[row]! > cutoff) continue;
      const amount = Number.isNaN(sold[row]) ? 0 : sold[row]!;
      if (amount > 0 && weeks[row]! < firstSale) firstSale = weeks[row]!;
      into.series[at] = numbers[row]!;
      into.week[at] = weeks[row]!;
      into.units[at] = amount;
      into.discount[at] = discount![row]!;
      into.price[at] = price![row]!;
      into.available[at] = available![row]!;
      at++;
    }
    columns.add(at - columns.length);
    done += batch.length;
    onProgress?.({ phase: 'reading weekly', done, total: null, unit: 'rows' });
  }
  return { sold: columns.filled(), firstSale };
}

/** Numbers of the series by their names, so that nothing depends on the order of the data. */
function sortedSeries(keys: KeyIndex): Int32Array {
  const names = Array.from(
    { length: keys.size },
    (_, key) => [keys.text(key, 0)!, keys.text(key, 1)!] as const,
  );
  const less = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return Int32Array.from(names.keys()).sort(
    (a, b) => less(names[a]![0], names[b]![0]) || less(names[a]![1], names[b]![1]),
  );
}

/** Rows by series, then week: sorted by week first, and then, keeping that order, by series. */
function sortRows(series: Int32Array, week: Int32Array, rank: Int32Array): Uint32Array {
  return stableOrder(
    series.map((number) => rank[number]!),
    stableOrder(week.map((day) => day / DAYS_PER_WEEK)),
  );
}

function offsetsOf(order: Uint32Array, series: Int32Array, rank: Int32Array, count: number): Int32Array {
  const offsets = new Int32Array(count + 1);
  for (const row of order) offsets[rank[series[row]!]! + 1]!++;
  for (let at = 1; at <= count; at++) offsets[at]! += offsets[at - 1]!;
  return offsets;
}

type Back = 'backSeries' | 'backWeek' | 'backUnits' | 'backRow';
type Sold = Omit<CohortTable, Back>;

/** Adds returns to their cohorts, and lists them by the week they came back in. */
async function readBack(
  { cutoff, signal, onProgress }: TrainingJob,
  returns: Table,
  sold: Sold,
  rank: Int32Array,
  maximumLag: number,
): Promise<Pick<CohortTable, Back>> {
  const reading = { cutoff, maximumLag, keys: SERIES_KEY, signal, onProgress };
  const columns = new GrowingColumns({
    series: Int32Array,
    week: Int32Array,
    units: Float64Array,
    row: Int32Array,
  });
  for await (const rows of readReturns(returns, reading, sold.firstWeek)) {
    const numbers = sold.keys.find(rows.keys);
    const into = columns.reserve(numbers.length);
    let at = columns.length;
    for (let row = 0; row < numbers.length; row++) {
      if (rows.units[row] === 0 || numbers[row] === -1) continue;
      const series = rank[numbers[row]!]!;
      const week = (rows.saleWeek[row]! - sold.firstWeek) / DAYS_PER_WEEK;
      const cohort = findWeek(sold, series, week);
      // Sold in a week without a value: there are returns, and nothing they are a share of.
      if (cohort === -1 || !(sold.units[cohort]! > 0)) continue;
      sold.returned[cohort]! += rows.units[row]!;
      into.series[at] = series;
      into.week[at] = week + rows.lag[row]!;
      into.units[at] = rows.units[row]!;
      into.row[at] = cohort;
      at++;
    }
    columns.add(at - columns.length);
  }
  const back = columns.filled();
  const order = stableOrder(back.series, stableOrder(back.week));
  return {
    backSeries: Int32Array.from(order, (row) => back.series[row]!),
    backWeek: Int32Array.from(order, (row) => back.week[row]!),
    backUnits: Float64Array.from(order, (row) => back.units[row]!),
    backRow: Int32Array.from(order, (row) => back.row[row]!),
  };
}

function findWeek({ offsets, week }: Sold, series: number, wanted: number): number {
  let low = offsets[series]!;
  let high = offsets[series + 1]! - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (week[middle] === wanted) return middle;
    if (week[middle]! < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
