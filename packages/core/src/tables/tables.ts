import { SchemaError } from '../errors/causes.ts';
import { Batch } from '../batch/batch.ts';
import { concatBatches, filterRows } from '../batch/rows.ts';
import { missingColumn } from '../batch/missing.ts';
import type { Schema } from '../batch/schema.ts';
import type { Week } from '../weeks/week.ts';
import { TABLES } from './definitions.ts';
import { seriesUntil, type SeriesIndex } from './series-index.ts';
import type { TableName } from './table-definition.ts';

/** What to read of a table. */
export interface ReadOptions {
  /** Columns by role or covariate name; all by default. A column that the table lacks is an error. */
  readonly columns?: readonly string[];
  /** Rows of other weeks are not needed: a table may leave them out where that spares it reading. Whoever asks filters what comes. */
  readonly weeks?: WeekRange;
  /** Rows of other articles are not needed: a table may leave them out, as with weeks. */
  readonly articles?: ArticleRange;
  readonly signal?: AbortSignal;
}

/** Articles from one name to another, both included, in the order of their bytes in UTF-8. */
export interface ArticleRange {
  readonly from: string;
  readonly to: string;
}

/** Rows whose week, under the role, lies in (after, until]. */
export interface WeekRange {
  readonly role: string;
  readonly after: Week;
  readonly until: Week;
}

/** A table that can be read as often as wanted, batch by batch. Columns are named by their roles. */
export interface Table {
  readonly name: TableName;
  readonly schema: Schema;
  /** The series of the rows, where they are known without reading. */
  readonly series?: SeriesIndex | undefined;
  batches(options?: ReadOptions): AsyncIterable<Batch>;
}

/** The tables a model is given. */
export class Tables {
  readonly #tables: ReadonlyMap<TableName, Table>;

  /** @param tables at most one of each name */
  constructor(tables: Iterable<Table>) {
    this.#tables = new Map([...tables].map((table) => [table.name, table]));
  }

  /** Names of the tables that are there. */
  get names(): readonly TableName[] {
    return [...this.#tables.keys()];
  }

  /**
   * @param name of the table
   * @returns it, or undefined
   */
  find(name: TableName): Table | undefined {
    return this.#tables.get(name);
  }

  /**
   * @param name of the table
   * @returns it
   * @throws SchemaError when it is missing
   */
  get(name: TableName): Table {
    const table = this.#tables.get(name);
    if (table === undefined) {
      throw new SchemaError(`the dataset has no table ${name}`, {
        expected: `${name}: ${TABLES[name].description}`,
        found: this.names.length === 0 ? 'no table at all' : `tables ${this.names.join(', ')}`,
        remedy: `Add ${name}.parquet or a folder ${name}/, or name its place under "tables" in dataset.json.`,
      });
    }
    return table;
  }

  /**
   * The tables as they were known at the end of a week: rows that became known later are not there.
   * @param cutoff the last known week
   * @returns tables that read through to these
   */
  asOf(cutoff: Week): Tables {
    return new Tables([...this.#tables.values()].map((table) => asOf(table, cutoff)));
  }
}

/**
 * A table without the rows that became known after a week.
 * @param table any table
 * @param cutoff the last known week
 * @returns a table that reads through
 */
export function asOf(table: Table, cutoff: Week): Table {
  const knownAt = TABLES[table.name].knownAt;
  return knownAt === null ? table : betweenWeeks(table, knownAt, -Infinity, cutoff);
}

/**
 * The rows of a table whose week lies in (after, until].
 * @param table any table
 * @param role the week's role
 * @param after exclusive
 * @param until inclusive
 * @returns a table that reads through
 */
export function betweenWeeks(table: Table, role: string, after: Week, until: Week): Table {
  return {
    name: table.name,
    schema: table.schema,
    // A gap may hide a series from a range that has a beginning: what the index says of all weeks would be too much.
    series:
      table.series === undefined || role !== 'week' || after !== -Infinity
        ? undefined
        : seriesUntil(table.series, until),
    async *batches({ columns, weeks: asked, articles, signal } = {}) {
      const added = columns !== undefined && !columns.includes(role);
      const range = narrowed({ role, after, until }, asked);
      const read = { columns: added ? [...columns, role] : columns, weeks: range, articles, signal };
      for await (const batch of table.batches(read)) {
        const weeks = batch.weeks(role);
        const kept = filterRows(batch, (row) => weeks[row]! > after && weeks[row]! <= until);
        if (kept.length > 0) yield added ? kept.select(columns) : kept;
      }
    },
  };
}

/** What two ranges have in common; of ranges by different weeks the first. */
function narrowed(range: WeekRange, other: WeekRange | undefined): WeekRange {
  if (other?.role !== range.role) return range;
  return {
    role: range.role,
    after: Math.max(range.after, other.after),
    until: Math.min(range.until, other.until),
  };
}

/**
 * A table over batches in memory.
 * @param name of the table
 * @param batches of one schema, columns named by role
 * @param schema needed only when there is no batch
 * @returns the table
 */
export function memoryTable(
  name: TableName,
  batches: readonly Batch[],
  schema: Schema = batches[0]!.schema,
): Table {
  return {
    name,
    schema,
    async *batches({ columns } = {}) {
      for (const batch of batches) yield columns === undefined ? batch : batch.select(columns);
    },
  };
}

/**
 * Reads a whole table into one batch: for small tables (attributes), never for history.
 * @param table what to read
 * @param options columns and signal
 * @returns one batch; without rows when the table has none
 */
export async function collect(table: Table, options: ReadOptions = {}): Promise<Batch> {
  const batches: Batch[] = [];
  for await (const batch of table.batches(options)) batches.push(batch);
  return batches.length === 0 ? emptyBatch(table.schema, options.columns) : concatBatches(batches);
}

/**
 * A batch without rows.
 * @param schema its columns
 * @param columns of them, all by default
 * @returns the batch
 */
export function emptyBatch(schema: Schema, columns?: readonly string[]): Batch {
  const fields =
    columns === undefined
      ? schema.fields
      : columns.map((name) => schema.fields.find((field) => field.name === name)!);
  return new Batch(new Map(fields.map((field) => [field.name, missingColumn(field, 0)])));
}
