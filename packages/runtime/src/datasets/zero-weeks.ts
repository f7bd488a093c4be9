import {
  Batch,
  DAYS_PER_WEEK,
  KeyIndex,
  SERIES_KEY,
  isValid,
  sliceRows,
  type Column,
  type ColumnValues,
  type Table,
  type Week,
} from '@hemline/core';

/** When an article is on sale, as far as its attributes say. */
export interface Life {
  readonly launch: Week | null;
  readonly end: Week | null;
}

/** Weeks over which a table is whole. */
export interface Span {
  readonly first: Week;
  readonly last: Week;
}

/** What tells weeks without a sale from weeks in which there was none to be made. */
export interface ZeroWeeks {
  /** Before it and after it nothing is known of weeks without a row. */
  span(): Promise<Span>;
  /** By article; those without attributes are not in it. */
  lives(): Promise<ReadonlyMap<string, Life>>;
}

/** Rows of a batch that is given on. */
const BATCH_ROWS = 65_536;
/** Prices that a week without a row has of the last row that has one: a week of gifts has none. */
const PRICES = ['discount', 'blackPrice', 'price'];
/** What a week without a row has of the row before, besides what never changes. */
const KEPT = ['article', 'market', ...PRICES];
/** Columns by which stock that has run out is known. */
const STOCK = ['stock', 'demand', 'sales'];

/**
 * The columns that filling weeks has to read besides those that are asked for.
 * @param asked names of columns
 * @param available columns of the table
 * @returns all that are to be read
 */
export function columnsToFill(asked: readonly string[], available: readonly string[]): string[] {
  const needed = ['article', 'market', 'week', ...(available.includes('stock') ? STOCK : [])];
  return [...new Set([...asked, ...needed.filter((name) => available.includes(name))])];
}

/**
 * The rows of one partition with a row of demand 0 for every week without one in which an article was on sale: from its launch, or
 * first row where that is earlier or the launch is not known, to the end of its season, within the weeks over which the table is whole.
 * A week that began without stock, as far as the row before it tells, stays without a row: nothing could be sold. A price is the last
 * one that is known before it; covariates that change are missing. Holds the partition's columns.
 * @param rows of whole series, in any order, with the columns of {@link columnsToFill}
 * @param zero what is known of lives and of the weeks over which the table is whole
 * @param columns to give on
 * @param constant those of them that do not change within a series
 * @yields rows by series and week
 */
export async function* fillZeroWeeks(
  rows: Batch,
  zero: ZeroWeeks,
  columns: readonly string[],
  constant: readonly string[] = [],
): AsyncGenerator<Batch> {
  const plan = planRows(rows, await zero.span(), await zero.lives());
  const kept = new Set([...KEPT, ...constant]);
  const filled = new Batch(
    new Map(
      columns.map((name) => {
        const column = rows.column(name);
        const source = PRICES.includes(name) ? lastKnown(column, plan) : plan.sibling;
        return [name, filledColumn(name, column, plan, kept.has(name) ? source : null)];
      }),
    ),
    plan.source.length,
  );
  for (let start = 0; start < filled.length; start += BATCH_ROWS)
    yield sliceRows(filled, start, start + BATCH_ROWS);
}

/** Where each row of the filled partition comes from. */
interface Plan {
  /** Row of the data, −1 for a week without one. */
  readonly source: Int32Array;
  /** The row of the series before a week without one; the first where there is none before. */
  readonly sibling: Int32Array;
  readonly weeks: Int32Array;
  /** Place of the series in the data, by row of the data. */
  readonly series: Int32Array | Uint32Array;
}

function planRows(rows: Batch, span: Span, lives: ReadonlyMap<string, Life>): Plan {
  const index = new KeyIndex(SERIES_KEY);
  const series = index.add(rows);
  const weeks = rows.weeks('week');
  const order = Uint32Array.from(series, (_, row) => row).sort(
    (a, b) => series[a]! - series[b]! || weeks[a]! - weeks[b]! || a - b,
  );
  const plan = new PlannedRows(rows.length);
  const hasStockLeft = stockLeft(rows);
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!;
    const isFirst = i === 0 || series[order[i - 1]!] !== series[row];
    const isLast = i + 1 === order.length || series[order[i + 1]!] !== series[row];
    const week = weeks[row]!;
    const life = isFirst || isLast ? lives.get(index.text(series[row]!, 0) ?? '') : undefined;
    if (isFirst && life !== undefined && life.launch !== null) {
      // Whole weeks before the row, so that all of the series begin on one weekday.
      const before = Math.floor((week - Math.max(life.launch, span.first)) / DAYS_PER_WEEK);
      plan.fill(row, week - before * DAYS_PER_WEEK, Math.min(week - 1, span.last));
    }
    plan.keep(row, week);
    if (!hasStockLeft(row)) continue;
    // Past its season an article is not on sale; rows after the last known week are the plan.
    const end = isLast ? (life?.end ?? span.last) : weeks[order[i + 1]!]! - 1;
    plan.fill(row, week + DAYS_PER_WEEK, Math.min(end, span.last));
  }
  return plan.finish(series);
}

/** Rows of a plan, in growing arrays. */
class PlannedRows {
  #source: Int32Array;
  #sibling: Int32Array;
  #weeks: Int32Array;
  #count = 0;

  constructor(rows: number) {
    this.#source = new Int32Array(2 * rows);
    this.#sibling = new Int32Array(2 * rows);
    this.#weeks = new Int32Array(2 * rows);
  }

  keep(row: number, week: Week): void {
    this.#push(row, row, week);
  }

  /** Weeks that begin from one day to another, both among them. */
  fill(sibling: number, from: Week, through: Week): void {
    for (let week = from; week <= through; week += DAYS_PER_WEEK) this.#push(-1, sibling, week);
  }

  finish(series: Plan['series']): Plan {
    const end = this.#count;
    return {
      source: this.#source.subarray(0, end),
      sibling: this.#sibling.subarray(0, end),
      weeks: this.#weeks.subarray(0, end),
      series,
    };
  }

  #push(source: number, sibling: number, week: Week): void {
    if (this.#count === this.#source.length) {
      this.#source = grown(this.#source);
      this.#sibling = grown(this.#sibling);
      this.#weeks = grown(this.#weeks);
    }
    this.#source[this.#count] = source;
    this.#sibling[this.#count] = sibling;
    this.#weeks[this.#count++] = week;
  }
}

function grown(values: Int32Array): Int32Array {
  const larger = new Int32Array(2 * values.length);
  larger.set(values);
  return larger;
}

/** Whether anything was left at the end of a row's week; true where the stock is not known. */
function stockLeft(rows: Batch): (row: number) => boolean {
  if (!rows.has('stock')) return () => true;
  const stock = rows.floats('stock');
  const sold = rows.floats(rows.has('sales') ? 'sales' : 'demand');
  return (row) => !(stock[row]! - (sold[row]! || 0) <= 0);
}

/** By row of the plan the row whose value it takes: its own, else the last one before it in which the value is known. */
function lastKnown(column: Column, { source, sibling, series }: Plan): Int32Array {
  const rows = Int32Array.from(sibling);
  let known = -1;
  for (let row = 0; row < rows.length; row++) {
    const own = sibling[row]!;
    if (known !== -1 && series[known] !== series[own]) known = -1;
    if (isValid(column, own)) {
      if (source[row] !== -1) known = own;
    } else if (source[row] === -1 && known !== -1) rows[row] = known;
  }
  return rows;
}

function filledColumn(
  name: string,
  column: Column,
  { source, weeks }: Plan,
  keptFrom: Int32Array | null,
): Column {
  const length = source.length;
  if (name === 'week') return { type: 'date', length, values: weeks, validity: null };
  const isZero = name === 'demand' || name === 'sales';
  const values = new (column.values.constructor as new (length: number) => ColumnValues)(length);
  const isWhole = (keptFrom !== null || isZero) && column.validity === null;
  const validity = isWhole ? null : new Uint8Array((length + 7) >> 3);
  for (let row = 0; row < length; row++) {
    const from = (keptFrom ?? source)[row]!;
    if (from !== -1) values[row] = column.values[from]!;
    const isThere = from === -1 ? isZero : isValid(column, from);
    if (validity !== null && isThere) validity[row >> 3]! |= 1 << (row & 7);
  }
  return { ...column, length, values, validity } as Column;
}

/**
 * When articles are on sale.
 * @param articles table of attributes; undefined where there is none
 * @returns launch and end by article
 */
export async function readLives(articles: Table | undefined): Promise<ReadonlyMap<string, Life>> {
  const lives = new Map<string, Life>();
  const available = articles?.schema.fields.map(({ name }) => name) ?? [];
  const known = ['launchWeek', 'seasonEndWeek'].filter((name) => available.includes(name));
  if (articles === undefined || known.length === 0) return lives;
  for await (const batch of articles.batches({ columns: ['article', ...known] })) {
    const { values, dictionary } = batch.strings('article');
    const week = (name: string, row: number): Week | null =>
      batch.has(name) && isValid(batch.column(name), row) ? batch.weeks(name)[row]! : null;
    for (let row = 0; row < batch.length; row++)
      lives.set(dictionary[values[row]!]!, {
        launch: week('launchWeek', row),
        end: week('seasonEndWeek', row),
      });
  }
  return lives;
}
