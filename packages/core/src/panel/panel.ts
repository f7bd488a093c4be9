import { DataError } from '../errors/causes.ts';
import { Batch } from '../batch/batch.ts';
import { takeRows } from '../batch/rows.ts';
import { formatWeek } from '../weeks/week.ts';
import { KeyIndex } from './key-index.ts';

/** Columns that identify a series. */
export const SERIES_KEY = ['article', 'market'] as const;

/**
 * A batch sorted by (series, week). Series s owns the rows `offsets[s] <= r < offsets[s + 1]` (CSR style). Weeks within a
 * series rise strictly; a week that is not there was not observed.
 */
export interface Panel {
  readonly rows: Batch;
  /** Length series + 1. */
  readonly offsets: Uint32Array;
  /** Week of each row, a view of the column `week`. */
  readonly weeks: Int32Array;
  /** One row per series, in order: `article` and `market`. */
  readonly series: Batch;
}

/**
 * Sorts rows into a panel. Series keep the order of their first row. O(n log n) within series; copies,
 * unless the rows are sorted already.
 * @param rows with `article`, `market`, `week`
 * @returns the panel
 * @throws DataError for two rows of one series and week
 */
export function toPanel(rows: Batch): Panel {
  const index = new KeyIndex(SERIES_KEY);
  const keys = index.add(rows);
  const weeks = rows.weeks('week');
  const offsets = new Uint32Array(index.size + 1);
  const isSorted = countRows(keys, weeks, offsets);
  for (let s = 0; s < index.size; s++) offsets[s + 1]! += offsets[s]!;
  const [article, market] = index.toColumns();
  const series = new Batch({ article: article!, market: market! });
  if (isSorted) return { rows, offsets, weeks, series };
  const order = new Uint32Array(rows.length);
  const next = offsets.slice();
  for (let row = 0; row < keys.length; row++) order[next[keys[row]!]!++] = row;
  for (let s = 0; s < index.size; s++) {
    const run = order.subarray(offsets[s], offsets[s + 1]);
    if (!isRising(run, weeks)) run.sort((a, b) => weeks[a]! - weeks[b]!);
    for (let i = 1; i < run.length; i++)
      if (weeks[run[i]!] === weeks[run[i - 1]!]) throw duplicate(index, s, weeks[run[i]!]!, run[i]!);
  }
  const sorted = takeRows(rows, order);
  return { rows: sorted, offsets, weeks: sorted.weeks('week'), series };
}

/** Adds up the rows of each series, one place later; tells whether series follow one another and weeks rise. */
function countRows(keys: Int32Array, weeks: Int32Array, counts: Uint32Array): boolean {
  let isSorted = true;
  for (let row = 0, last = -1; row < keys.length;) {
    const key = keys[row]!;
    if (key < last) isSorted = false;
    let end = row + 1;
    for (; end < keys.length && keys[end] === key; end++)
      if (weeks[end]! <= weeks[end - 1]!) isSorted = false;
    counts[key + 1]! += end - row;
    last = key;
    row = end;
  }
  return isSorted;
}

function isRising(run: Uint32Array, weeks: Int32Array): boolean {
  for (let i = 1; i < run.length; i++) if (weeks[run[i]!]! <= weeks[run[i - 1]!]!) return false;
  return true;
}

function duplicate(index: KeyIndex, series: number, week: number, row: number): DataError {
  return new DataError('two rows have the same article, market and week', {
    expected: 'one row each',
    found: `article ${index.text(series, 0)}, market ${index.text(series, 1)}, week ${formatWeek(week)} again`,
    where: { row },
    remedy: 'Sum or drop the duplicates before handing the data over.',
  });
}
