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

/** Weekly cohorts of all series: rows sorted by series, then week; series sorted by article, then market. */
export interface SoldCohorts {
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
}

/** Returns by the week they came back in, sorted by series, then week: there are many more than cohorts. */
export interface ReturnedUnits {
  /** In sorted order. */
  readonly series: Int32Array;
  /** Weeks since the first one. */
  readonly week: Int32Array;
  readonly units: Float64Array;
  /** The cohort that they are of. */
  readonly row: Int32Array;
}

/** The cohorts, and what came back of them. */
export interface CohortTable extends SoldCohorts {
  readonly back: ReturnedUnits;
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
  const { sold, rank } = await readSold(job, tables.get('weekly'));
  return { ...sold, back: await readBack(job, tables.get('returns'), sold, rank, maximumLag) };
}

/** Cohorts, of which nothing is back so far, and the place of each key's series in sorted order. */
async function readSold(
  job: TrainingJob,
  weekly: Table,
): Promise<{ readonly sold: SoldCohorts; readonly rank: Int32Array }> {
  const keys = new KeyIndex(SERIES_KEY);
  const { rows, firstSale: firstWeek } = await readWeekly(job, weekly, keys);
  const series = sortedSeries(keys);
  const rank = new Int32Array(keys.size);
  series.forEach((number, at) => (rank[number] = at));
  const order = sortRows(rows.series, rows.week, rank);
  const sold = {
    keys,
    series,
    offsets: offsetsOf(order, rows.series, rank, series.length),
    firstWeek,
    week: Int32Array.from(order, (row) => weeksBetween(firstWeek, rows.week[row]!)),
    units: Float64Array.from(order, (row) => rows.units[row]!),
    discount: Float32Array.from(order, (row) => rows.discount[row]!),
    price: Float32Array.from(order, (row) => rows.price[row]!),
    available: Float32Array.from(order, (row) => rows.available[row]!),
    returned: new Float64Array(order.length),
  };
  return { sold, rank };
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
): Promise<{ readonly rows: NumberColumns<typeof WEEKLY>; readonly firstSale: Week }> {
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
  return { rows: columns.filled(), firstSale };
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

/**
 * Row numbers by a key of whole numbers, rising; rows of one key in the order they had. Counting sort: O(rows + range of keys).
 */
function stableOrder(keys: Int32Array, order?: Uint32Array): Uint32Array {
  let least = Infinity;
  let most = -Infinity;
  for (const key of keys) {
    if (key < least) least = key;
    if (key > most) most = key;
  }
  const starts = new Uint32Array(keys.length === 0 ? 1 : most - least + 2);
  for (const key of keys) starts[key - least + 1]!++;
  for (let at = 1; at < starts.length; at++) starts[at]! += starts[at - 1]!;
  const sorted = new Uint32Array(keys.length);
  for (let at = 0; at < keys.length; at++) {
    const row = order === undefined ? at : order[at]!;
    sorted[starts[keys[row]! - least]!++] = row;
  }
  return sorted;
}

function offsetsOf(order: Uint32Array, series: Int32Array, rank: Int32Array, count: number): Int32Array {
  const offsets = new Int32Array(count + 1);
  for (const row of order) offsets[rank[series[row]!]! + 1]!++;
  for (let at = 1; at <= count; at++) offsets[at]! += offsets[at - 1]!;
  return offsets;
}

/** Adds returns to their cohorts, and lists them by the week they came back in. */
async function readBack(
  { cutoff, signal, onProgress }: TrainingJob,
  returns: Table,
  sold: SoldCohorts,
  rank: Int32Array,
  maximumLag: number,
): Promise<ReturnedUnits> {
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
    series: Int32Array.from(order, (row) => back.series[row]!),
    week: Int32Array.from(order, (row) => back.week[row]!),
    units: Float64Array.from(order, (row) => back.units[row]!),
    row: Int32Array.from(order, (row) => back.row[row]!),
  };
}

function findWeek({ offsets, week }: SoldCohorts, series: number, wanted: number): number {
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
