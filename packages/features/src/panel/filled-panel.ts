import {
  addWeeks,
  Batch,
  DataError,
  DAYS_PER_WEEK,
  formatWeek,
  isValid,
  type BoolColumn,
  type Column,
  type ColumnValues,
  type Panel,
  type Week,
} from '@hemline/core';

/**
 * A panel whose series have a row in every week from their first to their last. `rows` has a column `observed`: whether the
 * target was there; in rows that were not in the data all values are missing but the key and the week.
 */
export interface FilledPanel extends Panel {
  /** 1 where the target was observed, one byte a row. */
  readonly observed: Uint8Array;
  /** The last week of each series that had a row. */
  readonly ends: Int32Array;
}

/** How gaps are filled. */
export interface FillOptions {
  /** Series end no earlier than this week; by default each where its rows do. */
  readonly until?: Week;
  /** The column that tells whether a week was observed; `demand` by default. */
  readonly target?: string;
}

/**
 * Makes gaps explicit: missing is not zero. O(rows); copies only where a week is missing.
 * @param panel sorted by (series, week)
 * @param options until when, which target
 * @returns the panel with a row in every week
 * @throws DataError for weeks of one series that are not whole weeks apart
 */
export function fillWeeks(
  panel: Panel,
  { until = -Infinity, target = 'demand' }: FillOptions = {},
): FilledPanel {
  const offsets = filledOffsets(panel, until);
  const length = offsets.at(-1)!;
  const ends = Int32Array.from(panel.offsets.subarray(1), (end) => panel.weeks[end - 1]!);
  if (length === panel.rows.length) {
    const observed = presence(panel.rows.column(target));
    return { ...panel, rows: panel.rows.with({ observed: bytes(observed) }), observed, ends };
  }
  const source = sourceRows(panel, offsets);
  const columns = new Map<string, Column>();
  for (const [name, column] of panel.rows.columns) columns.set(name, spread(column, source));
  columns.set('article', bySeries(panel.series.column('article'), offsets));
  columns.set('market', bySeries(panel.series.column('market'), offsets));
  const weeks = new Int32Array(length);
  for (let series = 0; series + 1 < offsets.length; series++) {
    const first = panel.weeks[panel.offsets[series]!]!;
    for (let row = offsets[series]!; row < offsets[series + 1]!; row++)
      weeks[row] = addWeeks(first, row - offsets[series]!);
  }
  columns.set('week', { type: 'date', length, values: weeks, validity: null });
  const observed = presence(columns.get(target) ?? panel.rows.column(target));
  columns.set('observed', bytes(observed));
  return { rows: new Batch(columns, length), offsets, weeks, series: panel.series, observed, ends };
}

/** Where each series begins once every week has a row. */
function filledOffsets({ offsets, weeks, series }: Panel, until: Week): Uint32Array {
  const filled = new Uint32Array(offsets.length);
  for (let s = 0; s + 1 < offsets.length; s++) {
    const [from, to] = [offsets[s]!, offsets[s + 1]!];
    const first = weeks[from]!;
    for (let row = from + 1; row < to; row++) {
      if (weeks[row]! - weeks[row - 1]! === DAYS_PER_WEEK) continue;
      if ((weeks[row]! - first) % DAYS_PER_WEEK !== 0) throw offStep(series, s, first, weeks[row]!);
    }
    if (until !== -Infinity && (until - first) % DAYS_PER_WEEK !== 0) throw offStep(series, s, first, until);
    const last = Math.max(weeks[to - 1]!, until);
    filled[s + 1] = filled[s]! + (last - first) / DAYS_PER_WEEK + 1;
  }
  return filled;
}

function offStep(series: Batch, s: number, first: Week, week: Week): DataError {
  const article = series.strings('article');
  const market = series.strings('market');
  return new DataError('two weeks of a series are not whole weeks apart', {
    expected: `weeks that begin on the weekday of ${formatWeek(first)}`,
    found: formatWeek(week),
    where: {
      column: 'week',
      partition: `article ${article.dictionary[article.values[s]!]}, market ${market.dictionary[market.values[s]!]}`,
    },
    remedy: 'Date every row with the first day of its week.',
  });
}

/** The row of the data behind each row, −1 where there is none. */
function sourceRows(panel: Panel, offsets: Uint32Array): Int32Array {
  const source = new Int32Array(offsets.at(-1)!).fill(-1);
  for (let s = 0; s + 1 < offsets.length; s++) {
    const first = panel.weeks[panel.offsets[s]!]!;
    for (let row = panel.offsets[s]!; row < panel.offsets[s + 1]!; row++)
      source[offsets[s]! + (panel.weeks[row]! - first) / DAYS_PER_WEEK] = row;
  }
  return source;
}

function spread(column: Column, source: Int32Array): Column {
  const { values } = column;
  const make = values.constructor as new (length: number) => ColumnValues;
  const spreadValues = new make(source.length);
  const validity = new Uint8Array((source.length + 7) >> 3);
  for (let row = 0; row < source.length; row++) {
    const from = source[row]!;
    if (from === -1) continue;
    spreadValues[row] = values[from]!;
    if (isValid(column, from)) validity[row >> 3]! |= 1 << (row & 7);
  }
  return { ...column, length: source.length, values: spreadValues, validity } as Column;
}

function bySeries(column: Column, offsets: Uint32Array): Column {
  const values = new Int32Array(offsets.at(-1)!);
  for (let s = 0; s + 1 < offsets.length; s++)
    values.fill(column.values[s] as number, offsets[s], offsets[s + 1]);
  return { ...column, length: values.length, values, validity: null } as Column;
}

function presence(column: Column): Uint8Array {
  const observed = new Uint8Array(column.length).fill(1);
  if (column.type === 'float64' || column.type === 'float32') {
    const { values } = column;
    for (let row = 0; row < observed.length; row++) if (Number.isNaN(values[row]!)) observed[row] = 0;
  }
  if (column.validity !== null)
    for (let row = 0; row < observed.length; row++) if (!isValid(column, row)) observed[row] = 0;
  return observed;
}

function bytes(values: Uint8Array): BoolColumn {
  return { type: 'bool', length: values.length, values, validity: null };
}
