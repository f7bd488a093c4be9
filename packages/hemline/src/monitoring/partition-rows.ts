import {
  concatBatches,
  DAYS_PER_WEEK,
  emptyBatch,
  filterRows,
  itemsOf,
  KeyIndex,
  memoryTable,
  SERIES_KEY,
  type Batch,
  type Week,
} from '@hemline/core';
import { articleGroup, type DataDrift } from '@hemline/evaluation';
import type { Dataset, DatasetPartition } from '@hemline/runtime';

/** What was observed of a partition in the weeks that are looked at. */
export interface PartitionRows {
  /** With `article`, `market`, `group`. */
  readonly items: Batch;
  readonly index: KeyIndex;
  /** By item: first week of all that the dataset has. */
  readonly firstWeek: Int32Array;
  /** By row: item, week, discount (0 where missing), units (NaN where not known), black price (1 where there is no such column). */
  readonly item: Int32Array;
  readonly week: Int32Array;
  readonly discount: Float64Array;
  readonly demand: Float64Array;
  readonly blackPrice: Float64Array;
}

/**
 * Reads the rows of a partition in some weeks, and shows them to the watch over the data. Memory is that of these rows.
 * @param dataset with the attributes
 * @param partition to read
 * @param weeks the first and the last
 * @param data takes every row
 * @param signal stops the reading
 * @returns the rows; null when there are none
 */
export async function partitionRows(
  dataset: Dataset,
  partition: DatasetPartition,
  [from, until]: readonly [Week, Week],
  data: DataDrift,
  signal?: AbortSignal,
): Promise<PartitionRows | null> {
  const { weekly } = partition;
  const has = (name: string): boolean => weekly.schema.fields.some((field) => field.name === name);
  const optional = ['discount', 'blackPrice', 'uncensored'].filter(has);
  const seen = new KeyIndex(SERIES_KEY);
  const firstWeek: number[] = [];
  const kept: Batch[] = [];
  for await (const batch of weekly.batches({
    columns: [...SERIES_KEY, 'week', 'demand', ...optional],
    signal,
  })) {
    const weeks = batch.weeks('week');
    seen.add(batch).forEach((series, row) => {
      firstWeek[series] = Math.min(firstWeek[series] ?? Infinity, weeks[row]!);
    });
    kept.push(filterRows(batch, (row) => weeks[row]! >= from && weeks[row]! <= until));
  }
  const rows = kept.length === 0 ? emptyBatch(weekly.schema) : concatBatches(kept);
  if (rows.length === 0) return null;
  const items = await itemsOf(
    memoryTable('weekly', [rows]),
    dataset.tables.find('articles'),
    dataset.tables.find('markets'),
  );
  const index = new KeyIndex(SERIES_KEY);
  index.add(items);
  const item = index.find(rows);
  const series = seen.find(items);
  const { dictionary, values } = items.strings('article');
  const byCode = dictionary.map(articleGroup);
  const week = rows.weeks('week');
  const [demand, discount, blackPrice, uncensored] = ['demand', 'discount', 'blackPrice', 'uncensored'].map(
    (name) =>
      rows.has(name)
        ? rows.floats(name)
        : new Float64Array(rows.length).fill(name === 'uncensored' ? 1 : NaN),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array];
  const known = demand.slice();
  for (let row = 0; row < rows.length; row++) {
    const censored = uncensored[row] === 0;
    const of = item[row]!;
    data.add({
      ...{ week: week[row]!, group: byCode[values[of]!]!, demand: demand[row]!, censored },
      ...{ discount: discount[row]!, blackPrice: blackPrice[row]! },
      age: (week[row]! - firstWeek[series[of]!]!) / DAYS_PER_WEEK,
    });
    if (censored) known[row] = NaN;
  }
  return {
    ...{ items, index, item, week, demand: known },
    firstWeek: series.map((one) => firstWeek[one]!),
    discount: discount.map((level) => (Number.isNaN(level) ? 0 : level)),
    blackPrice: has('blackPrice') ? blackPrice : new Float64Array(rows.length).fill(1),
  };
}
