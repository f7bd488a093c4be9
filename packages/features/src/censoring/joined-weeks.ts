import {
  DataError,
  formatWeek,
  KeyIndex,
  throwIfAborted,
  type Batch,
  type Table,
  type Week,
} from '@hemline/core';
import type { SizeShares } from './size-shares.ts';
import { readSizeRuns, type SizeRuns } from './size-runs.ts';

/** Rows of the weekly table with what the sizes say about each. */
export interface JoinedWeeks {
  /** Rows as they came, with the columns asked for. */
  readonly batch: Batch;
  /** Number of the series in {@link index}, which grows over all batches. */
  readonly series: Int32Array;
  readonly index: KeyIndex;
  /** 1 − sales price / black price, NaN where missing. */
  readonly discount: Float64Array;
  /** 1 where units sold are known. */
  readonly known: Uint8Array;
  /** Units sold of the sizes that were available, and their share of the demand. */
  readonly sold: Float64Array;
  readonly share: Float64Array;
  /** Sizes of row r that were not available are `offsets[r]` to `offsets[r + 1]`: their shares, and what was sold of each. */
  readonly offsets: Int32Array;
  readonly censoredShares: Float64Array;
  readonly censoredSold: Float64Array;
}

/** How the tables are read. */
export interface JoinOptions {
  /** Further columns of the weekly table to read. */
  readonly columns?: readonly string[];
  /** The last known week: later rows pass by as unknown. */
  readonly cutoff?: Week;
  readonly signal?: AbortSignal;
}

/** Sums of sizes may differ from the week's sales by so much of them: rounding. */
const TOLERANCE = 1e-6;

/**
 * Walks through the weekly table and the sizes side by side. Both list the series in the same order and the weeks of each
 * series in rising order, as files by market sorted by article and week do; weekly rows may lack sizes. Of these the
 * column `uncensored` tells whether sales are demand (they are where it tells nothing); where they are not, the article
 * counts as one size that sold out. Memory: a batch of each table, and some bytes a series.
 * @param weekly the table
 * @param sizes the table
 * @param shares of the sizes
 * @param options what to read
 * @yields the rows of each weekly batch
 * @throws DataError for weeks that do not rise, sizes out of step with the weekly table, or sizes that do not add up to the
 *   sales of the week
 * @throws InterruptedError when the signal is raised
 */
export async function* joinWeeks(
  weekly: Table,
  sizes: Table,
  shares: SizeShares,
  options: JoinOptions = {},
): AsyncGenerator<JoinedWeeks> {
  const { cutoff = Infinity, signal } = options;
  const index = new KeyIndex(['article', 'market']);
  const weigh = (keys: Batch): Float64Array => shares.weights(keys);
  const cursor = new RunCursor(readSizeRuns(sizes, { index, weigh, cutoff, signal }));
  const columns = columnsOf(weekly, options.columns ?? []);
  const passed = new PassedWeeks(index);
  try {
    await cursor.advance();
    for await (const batch of weekly.batches({ columns, signal })) {
      throwIfAborted(signal);
      const rows = new JoinedRows(batch, index);
      const weeks = batch.weeks('week');
      for (let row = 0; row < batch.length; row++) {
        const series = rows.series[row]!;
        passed.add(series, weeks[row]!);
        if (cursor.isAt(series, weeks[row]!)) {
          rows.addSizes(row, cursor);
          if (!cursor.next()) await cursor.advance();
        } else {
          passed.check(cursor);
          rows.addWhole(row, weeks[row]! <= cutoff);
        }
      }
      yield rows.finish();
    }
    if (!cursor.ended) throw withoutWeek(index, cursor);
  } finally {
    await cursor.close();
  }
}

function columnsOf(weekly: Table, asked: readonly string[]): string[] {
  const there = new Set(weekly.schema.fields.map(({ name }) => name));
  const read = ['sales', 'uncensored', 'discount'].filter((name) => there.has(name));
  return [...new Set(['article', 'market', 'week', 'demand', ...read, ...asked])];
}

/** The place that reading the sizes has come to. */
class RunCursor {
  ended = false;
  runs: SizeRuns | null = null;
  run = 0;
  readonly #source: AsyncGenerator<SizeRuns>;

  constructor(source: AsyncGenerator<SizeRuns>) {
    this.#source = source;
  }

  get series(): number {
    return this.runs!.series[this.run]!;
  }

  get week(): Week {
    return this.runs!.week[this.run]!;
  }

  isAt(series: number, week: Week): boolean {
    return !this.ended && this.runs!.series[this.run] === series && this.runs!.week[this.run] === week;
  }

  /** Moves on; false when more has to be read. */
  next(): boolean {
    return ++this.run < this.runs!.length;
  }

  async advance(): Promise<void> {
    const { done, value } = await this.#source.next();
    this.ended = done === true;
    this.runs = done === true ? null : value;
    this.run = 0;
  }

  async close(): Promise<void> {
    await this.#source.return(undefined);
  }
}

/** The last week that was passed of each series. */
class PassedWeeks {
  readonly #index: KeyIndex;
  #latest = new Float64Array(1024).fill(-Infinity);

  constructor(index: KeyIndex) {
    this.#index = index;
  }

  add(series: number, week: Week): void {
    if (series >= this.#latest.length) {
      const larger = new Float64Array(2 * this.#index.size).fill(-Infinity);
      larger.set(this.#latest);
      this.#latest = larger;
    }
    if (!(week > this.#latest[series]!))
      throw new DataError('the weekly table is out of order', {
        expected: `weeks after ${formatWeek(this.#latest[series]!)}`,
        found: `${formatWeek(week)} of ${describe(this.#index, series)}`,
        where: { table: 'weekly' },
        remedy: 'Sort the table by market, article and week.',
      });
    this.#latest[series] = week;
  }

  /** Sizes whose week has been passed will never be reached. */
  check(cursor: RunCursor): void {
    if (!cursor.ended && (this.#latest[cursor.series] ?? -Infinity) >= cursor.week)
      throw withoutWeek(this.#index, cursor);
  }
}

/** What the sizes say, row by row. */
class JoinedRows {
  readonly #batch: Batch;
  readonly #index: KeyIndex;
  readonly series: Int32Array;
  readonly #units: Float64Array;
  readonly #total: Float64Array;
  readonly #uncensored: Float64Array | null;
  readonly #known: Uint8Array;
  readonly #sold: Float64Array;
  readonly #share: Float64Array;
  readonly #offsets: Int32Array;
  #censoredShares = new Float64Array(256);
  #censoredSold = new Float64Array(256);
  #censored = 0;

  constructor(batch: Batch, index: KeyIndex) {
    this.#batch = batch;
    this.#index = index;
    this.series = index.add(batch);
    this.#units = batch.floats('demand');
    this.#total = batch.has('sales') ? batch.floats('sales') : this.#units;
    this.#uncensored = batch.has('uncensored') ? batch.floats('uncensored') : null;
    this.#known = new Uint8Array(batch.length);
    this.#sold = new Float64Array(batch.length);
    this.#share = new Float64Array(batch.length);
    this.#offsets = new Int32Array(batch.length + 1);
  }

  addSizes(row: number, { runs, run }: RunCursor): void {
    const { offsets, weight, sales, available } = runs!;
    const [start, end] = [offsets[run]!, offsets[run + 1]!];
    let all = 0;
    let units = 0;
    for (let size = start; size < end; size++) {
      all += weight[size]!;
      units += sales[size]!;
    }
    const total = this.#total[row]!;
    if (Number.isFinite(this.#units[row])) {
      if (Math.abs(units - total) > TOLERANCE * Math.max(1, total)) throw this.#doesNotAddUp(row, units);
      this.#known[row] = 1;
      for (let size = start; size < end; size++) {
        if (available[size] === 1) {
          this.#sold[row]! += sales[size]!;
          this.#share[row]! += weight[size]! / all;
        } else this.#addCensored(weight[size]! / all, sales[size]!);
      }
    }
    this.#offsets[row + 1] = this.#censored;
  }

  addWhole(row: number, isPast: boolean): void {
    const units = this.#units[row]!;
    if (isPast && Number.isFinite(units)) {
      this.#known[row] = 1;
      if (this.#uncensored?.[row] === 0) this.#addCensored(1, units);
      else {
        this.#sold[row] = units;
        this.#share[row] = 1;
      }
    }
    this.#offsets[row + 1] = this.#censored;
  }

  finish(): JoinedWeeks {
    const batch = this.#batch;
    return {
      batch,
      series: this.series,
      index: this.#index,
      discount: batch.has('discount') ? batch.floats('discount') : new Float64Array(batch.length),
      known: this.#known,
      sold: this.#sold,
      share: this.#share,
      offsets: this.#offsets,
      censoredShares: this.#censoredShares,
      censoredSold: this.#censoredSold,
    };
  }

  #addCensored(share: number, sold: number): void {
    if (this.#censored === this.#censoredSold.length) {
      this.#censoredShares = doubled(this.#censoredShares);
      this.#censoredSold = doubled(this.#censoredSold);
    }
    this.#censoredShares[this.#censored] = share;
    this.#censoredSold[this.#censored++] = sold;
  }

  #doesNotAddUp(row: number, units: number): DataError {
    const batch = this.#batch;
    const [article, market] = ['article', 'market'].map((name) => {
      const { values, dictionary } = batch.strings(name);
      return dictionary[values[row]!]!;
    });
    return new DataError('sizes do not add up to the sales of their week', {
      expected: `${this.#total[row]} units`,
      found: `${units} units in the sizes of article ${article}, market ${market}, week ${formatWeek(batch.weeks('week')[row]!)}`,
      where: { table: 'sizes', column: 'sales' },
      remedy: 'Give every size on offer a row, and the sales of both tables from one source.',
    });
  }
}

function doubled(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * values.length);
  larger.set(values);
  return larger;
}

function withoutWeek(index: KeyIndex, cursor: RunCursor): DataError {
  return new DataError('sizes have no row in the weekly table, or come in another order', {
    expected: 'the series of both tables in the same order, and a weekly row for each week with sizes',
    found: `sizes of ${describe(index, cursor.series)}, week ${formatWeek(cursor.week)}, when it was not their turn`,
    where: { table: 'sizes' },
    remedy: 'Sort both tables by market, article and week, and give both for the same series.',
  });
}

function describe(index: KeyIndex, series: number): string {
  return `article ${index.text(series, 0)}, market ${index.text(series, 1)}`;
}
