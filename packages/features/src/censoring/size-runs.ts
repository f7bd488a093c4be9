import {
  DataError,
  formatWeek,
  isValid,
  type KeyIndex,
  throwIfAborted,
  type Batch,
  type Table,
  type Week,
} from '@hemline/core';

/** The rows of the sizes table by week: run r of a series' week has the rows `offsets[r]` to `offsets[r + 1]`. */
export interface SizeRuns {
  readonly length: number;
  /** Number of the series in the index given to {@link readSizeRuns}. */
  readonly series: Int32Array;
  readonly week: Int32Array;
  readonly offsets: Int32Array;
  /** By row: what was asked for each. */
  readonly weight: Float64Array;
  readonly sales: Float64Array;
  readonly available: Uint8Array;
}

/** How the sizes table is read. */
export interface SizeReading {
  /** Numbers the series; grows. Columns article and market. */
  readonly index: KeyIndex;
  /** A number for each row (with its article and size), kept in `weight`. */
  readonly weigh: (keys: Batch) => ArrayLike<number>;
  /** Weeks after it are passed over. */
  readonly cutoff?: Week;
  readonly signal?: AbortSignal;
}

const COLUMNS = ['article', 'market', 'week', 'size', 'sales', 'available'];

/**
 * Streams the sizes table week by week, however it is cut into batches. Memory: a batch, and four bytes a series.
 * @param sizes the table; the rows of a series' week stand together, and the weeks of a series rise
 * @param reading how
 * @yields whole weeks
 * @throws DataError where a week of a series does not come after the one before, or sales are negative or missing
 * @throws InterruptedError when the signal is raised
 */
export async function* readSizeRuns(sizes: Table, reading: SizeReading): AsyncGenerator<SizeRuns> {
  const { index, weigh, cutoff = Infinity, signal } = reading;
  let latest = new Float64Array(1024).fill(-Infinity);
  let open: OpenRun | null = null;
  for await (const batch of sizes.batches({ columns: COLUMNS, signal })) {
    throwIfAborted(signal);
    const series = index.add(batch);
    if (index.size > latest.length) latest = grown(latest, 2 * index.size);
    const rows: OpenRun = {
      series,
      week: batch.weeks('week'),
      weight: weigh(batch),
      sales: batch.floats('sales'),
      available: batch.numbers('available').values,
    };
    checkRows(batch, rows);
    const runs: RunBuilder = new RunBuilder(batch.length + (open === null ? 0 : open.sales.length));
    if (open !== null) for (let row = 0; row < open.sales.length; row++) runs.add(open, row);
    for (let row = 0; row < batch.length; row++) {
      if (rows.week[row]! > cutoff) continue;
      if (runs.add(rows, row)) {
        const one = series[row]!;
        if (!(rows.week[row]! > latest[one]!)) throw outOfOrder(index, one, rows.week[row]!, latest[one]!);
        latest[one] = rows.week[row]!;
      }
    }
    open = runs.splitLast();
    if (runs.length > 0) yield runs.build();
  }
  if (open !== null) {
    const runs: RunBuilder = new RunBuilder(open.sales.length);
    for (let row = 0; row < open.sales.length; row++) runs.add(open, row);
    yield runs.build();
  }
}

/** Rows whose week may go on in the next batch. */
interface OpenRun {
  readonly series: Int32Array;
  readonly week: Int32Array;
  readonly weight: ArrayLike<number>;
  readonly sales: Float64Array;
  readonly available: ArrayLike<number>;
}

/** Puts rows together to runs. */
class RunBuilder {
  length = 0;
  #rows = 0;
  readonly #series: Int32Array;
  readonly #week: Int32Array;
  readonly #offsets: Int32Array;
  readonly #weight: Float64Array;
  readonly #sales: Float64Array;
  readonly #available: Uint8Array;

  constructor(rows: number) {
    this.#series = new Int32Array(rows);
    this.#week = new Int32Array(rows);
    this.#offsets = new Int32Array(rows + 1);
    this.#weight = new Float64Array(rows);
    this.#sales = new Float64Array(rows);
    this.#available = new Uint8Array(rows);
  }

  /** Adds a row; tells whether it begins a run. */
  add(rows: OpenRun, row: number): boolean {
    const last = this.length - 1;
    const begins = last < 0 || this.#series[last] !== rows.series[row] || this.#week[last] !== rows.week[row];
    if (begins) {
      this.#series[this.length] = rows.series[row]!;
      this.#week[this.length] = rows.week[row]!;
      this.length++;
    }
    const at = this.#rows++;
    this.#weight[at] = rows.weight[row]!;
    this.#sales[at] = rows.sales[row]!;
    this.#available[at] = rows.available[row]!;
    this.#offsets[this.length] = this.#rows;
    return begins;
  }

  /** Takes the last run off. */
  splitLast(): OpenRun | null {
    if (this.length === 0) return null;
    this.length--;
    const [start, end] = [this.#offsets[this.length]!, this.#rows];
    this.#rows = start;
    return {
      series: new Int32Array(end - start).fill(this.#series[this.length]!),
      week: new Int32Array(end - start).fill(this.#week[this.length]!),
      weight: this.#weight.slice(start, end),
      sales: this.#sales.slice(start, end),
      available: this.#available.slice(start, end),
    };
  }

  build(): SizeRuns {
    return {
      length: this.length,
      series: this.#series.subarray(0, this.length),
      week: this.#week.subarray(0, this.length),
      offsets: this.#offsets.subarray(0, this.length + 1),
      weight: this.#weight.subarray(0, this.#rows),
      sales: this.#sales.subarray(0, this.#rows),
      available: this.#available.subarray(0, this.#rows),
    };
  }
}

function checkRows(batch: Batch, { sales, week }: OpenRun): void {
  const available = batch.column('available');
  for (let row = 0; row < sales.length; row++) {
    if (sales[row]! >= 0 && Number.isFinite(sales[row]) && isValid(available, row)) continue;
    throw new DataError('a size has no sales or no availability', {
      expected: 'sales of at least 0 and available true or false',
      found: `sales ${sales[row]}, available ${isValid(available, row) ? 'given' : 'missing'} in the week ${formatWeek(week[row]!)}`,
      where: { table: 'sizes', row },
      remedy: 'Correct the row, or leave the whole week of the series out.',
    });
  }
}

function grown(values: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length).fill(-Infinity);
  larger.set(values);
  return larger;
}

function outOfOrder(index: KeyIndex, series: number, week: Week, latest: Week): DataError {
  return new DataError('the sizes table is out of order', {
    expected: `weeks after ${formatWeek(latest)}, the rows of a week side by side`,
    found: `${formatWeek(week)} of article ${index.text(series, 0)}, market ${index.text(series, 1)}`,
    where: { table: 'sizes' },
    remedy: 'Sort the table by market, article and week.',
  });
}
