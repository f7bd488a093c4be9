import {
  KeyIndex,
  SERIES_KEY,
  SeriesIndexBuilder,
  addWeeks,
  concatBatches,
  filterRows,
  knownAheadColumns,
  memoryTable,
  Batch,
  type Table,
  type Week,
} from '@hemline/core';

/** Which rows a job works with. */
export interface PartitionScope {
  readonly cutoff: Week;
  /** Weeks ahead. */
  readonly horizon: number;
  /** Series without a row in these weeks before the cutoff, nor in the horizon, are not forecast. */
  readonly activeWeeks: number;
  /** Columns of the weekly table that will be asked for. */
  readonly columns: readonly string[];
  /** Most bytes of rows to hold. */
  readonly mostBytes: number;
  readonly signal?: AbortSignal;
}

/** The weekly rows of one partition, read once. */
export interface PartitionRows {
  /**
   * The rows. They are given from memory where they fit; where they do not, or a column is asked for that was not announced, they
   * are read again. With an index of the series where these stand together.
   */
  readonly weekly: Table;
  /** `article` and `market` of the series to forecast, in the order of their first active row. */
  readonly active: Batch;
  /** The rows after the cutoff, in the columns that are known ahead; null where there is none. */
  readonly plan: Batch | null;
}

/** Bytes of a dictionary's entry, about. */
const ENTRY_BYTES = 48;

/**
 * Reads the weekly rows of a partition: everything that is found out about them comes from this one pass.
 * @param table of the partition
 * @param scope cutoff, horizon, columns, memory
 * @returns the rows, what there is to forecast, and the plan
 */
export async function readPartitionRows(table: Table, scope: PartitionScope): Promise<PartitionRows> {
  const { cutoff, activeWeeks, signal } = scope;
  const end = addWeeks(cutoff, scope.horizon);
  const begin = addWeeks(cutoff, -activeWeeks);
  const planned = knownAheadColumns(table.schema);
  const columns = [...new Set([...SERIES_KEY, 'week', ...planned, ...scope.columns])];
  const index = new SeriesIndexBuilder();
  const active = new KeyIndex(SERIES_KEY);
  const plan: Batch[] = [];
  const held = new HeldRows(scope.mostBytes);
  const weeksRead = { role: 'week', after: -Infinity, until: end };
  for await (const batch of table.batches({ columns, weeks: weeksRead, signal })) {
    const weeks = batch.weeks('week');
    const rows = filterRows(batch, (row) => weeks[row]! <= end);
    if (rows.length === 0) continue;
    index.add(rows);
    const known = rows.weeks('week');
    active.add(filterRows(rows.select(SERIES_KEY), (row) => known[row]! > begin));
    const ahead = filterRows(rows.select(planned), (row) => known[row]! > cutoff);
    if (ahead.length > 0) plan.push(ahead);
    held.add(rows);
  }
  const [article, market] = active.toColumns();
  return {
    weekly: heldTable(table, columns, held.finish(), index.finish() ?? undefined),
    active: new Batch({ article: article!, market: market! }, active.size),
    plan: plan.length === 0 ? null : concatBatches(plan),
  };
}

/** Batches up to a number of bytes: beyond it none is held. */
class HeldRows {
  readonly #mostBytes: number;
  readonly #dictionaries = new Set<readonly string[]>();
  #batches: Batch[] | null = [];
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  add(batch: Batch): void {
    if (this.#batches === null) return;
    for (const column of batch.columns.values()) {
      this.#bytes += column.values.byteLength + (column.validity?.byteLength ?? 0);
      if (column.type !== 'string' || this.#dictionaries.has(column.dictionary)) continue;
      this.#dictionaries.add(column.dictionary);
      this.#bytes += ENTRY_BYTES * column.dictionary.length;
    }
    if (this.#bytes > this.#mostBytes) this.#batches = null;
    else this.#batches.push(batch);
  }

  /** @returns all batches, or null when they were too many */
  finish(): readonly Batch[] | null {
    return this.#batches;
  }
}

function heldTable(
  table: Table,
  columns: readonly string[],
  held: readonly Batch[] | null,
  series: Table['series'],
): Table {
  const { name, schema } = table;
  const memory = held === null ? null : memoryTable(name, held, schema);
  const isHeld = (asked: readonly string[] = schema.fields.map((field) => field.name)): boolean =>
    asked.every((column) => columns.includes(column));
  return {
    name,
    schema,
    series,
    batches: (options = {}) =>
      memory !== null && isHeld(options.columns) ? memory.batches(options) : table.batches(options),
  };
}
