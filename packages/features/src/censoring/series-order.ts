import {
  ConfigurationError,
  collect,
  filterRows,
  KeyIndex,
  memoryTable,
  SERIES_KEY,
  takeRows,
  type Batch,
  type Table,
} from '@hemline/core';

/** Rows of a table that are sorted in memory at most. */
const MOST_ROWS = 20_000_000;

/** The two tables that are read side by side. */
export interface SizedTables {
  readonly weekly: Table;
  readonly sizes: Table;
}

/**
 * Brings the weekly table and the sizes into the same order: as they are where each lists its series together and in the same
 * order with rising weeks; else both are sorted in memory by market, article and week. Sizes of series that the weekly table
 * does not have are left out: it may be one partition of many. Reads the keys of both once; of the weekly table only where it
 * has no index of its series.
 * @param tables in any order
 * @param signal stops the reading
 * @returns tables that can be walked through side by side
 * @throws ConfigurationError when they are out of order and too large to be sorted in memory
 */
export async function inSeriesOrder(
  { weekly, sizes: all }: SizedTables,
  signal?: AbortSignal,
): Promise<SizedTables> {
  const index = new KeyIndex(SERIES_KEY);
  const places = new Map<number, number>();
  const isNew = (series: number): boolean => {
    if (places.has(series)) return false;
    places.set(series, places.size);
    return true;
  };
  // An index is only there where the rows are in order.
  if (weekly.series !== undefined) for (const series of index.add(weekly.series.keys)) isNew(series);
  const first =
    weekly.series === undefined ? await walk(weekly, index, signal, isNew) : { rows: null, isOrdered: true };
  const sizes = withSeries(all, index);
  let last = -1;
  const second = await walk(sizes, index, signal, (series) => {
    const place = places.get(series) ?? -1;
    const isNext = place > last;
    last = place;
    return isNext;
  });
  if (first.isOrdered && second.isOrdered) return { weekly, sizes };
  for (const [table, walked] of [
    [weekly, first],
    [sizes, second],
  ] as const) {
    const rows = walked.rows ?? (await walk(weekly, index, signal, () => true)).rows;
    if (rows <= MOST_ROWS) continue;
    throw new ConfigurationError('tables that are read side by side are out of order and too large to sort', {
      expected: `series in the same order, weeks rising, or at most ${MOST_ROWS} rows`,
      found: `${rows} rows`,
      where: { table: table.name },
      remedy: 'Sort both tables by market, article and week, as `hemline repartition` does.',
    });
  }
  return { weekly: await sorted(weekly, signal), sizes: await sorted(sizes, signal) };
}

/** The rows of a table whose series are known. */
function withSeries(table: Table, index: KeyIndex): Table {
  return {
    ...table,
    async *batches(options = {}) {
      const { columns = table.schema.fields.map(({ name }) => name) } = options;
      const read = [...new Set([...columns, ...SERIES_KEY])];
      for await (const batch of table.batches({ ...options, columns: read })) {
        const found = index.find(batch);
        const kept = found.includes(-1) ? filterRows(batch, (row) => found[row] !== -1) : batch;
        if (kept.length > 0) yield kept.select(columns);
      }
    },
  };
}

/** Tells whether series stand together, in an order that suits, and weeks rise. */
async function walk(
  table: Table,
  index: KeyIndex,
  signal: AbortSignal | undefined,
  isNext: (series: number) => boolean,
): Promise<{ readonly rows: number; readonly isOrdered: boolean }> {
  let [rows, current, week] = [0, -1, -Infinity];
  let isOrdered = true;
  for await (const batch of table.batches({ columns: [...SERIES_KEY, 'week'], signal })) {
    const series = index.add(batch);
    const weeks = batch.weeks('week');
    rows += batch.length;
    for (let row = 0; row < series.length && isOrdered; row++) {
      if (series[row] !== current) {
        isOrdered = isNext(series[row]!);
        current = series[row]!;
      } else if (weeks[row]! < week) isOrdered = false;
      week = weeks[row]!;
    }
  }
  return { rows, isOrdered };
}

async function sorted(table: Table, signal?: AbortSignal): Promise<Table> {
  const columns = table.schema.fields.map(({ name }) => name);
  const rows = await collect(table, { columns, signal });
  const series = ranksOf(rows);
  const weeks = rows.weeks('week');
  const order = Uint32Array.from(weeks.keys()).sort(
    (a, b) => series[a]! - series[b]! || weeks[a]! - weeks[b]! || a - b,
  );
  return memoryTable(table.name, [takeRows(rows, order)], table.schema);
}

/** The place of each row's series among all, by market and article. */
function ranksOf(rows: Batch): Int32Array {
  const index = new KeyIndex(SERIES_KEY);
  const series = index.add(rows);
  const names = Array.from(
    { length: index.size },
    (_, one) => [index.text(one, 1) ?? '', index.text(one, 0) ?? ''] as const,
  );
  const order = [...names.keys()].sort(
    (a, b) => compare(names[a]![0], names[b]![0]) || compare(names[a]![1], names[b]![1]),
  );
  const rank = new Int32Array(index.size);
  order.forEach((one, place) => (rank[one] = place));
  return series.map((one) => rank[one]!);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
