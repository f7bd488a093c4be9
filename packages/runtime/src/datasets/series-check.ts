import {
  DAYS_PER_WEEK,
  DataError,
  KeyIndex,
  TABLES,
  addWeeks,
  formatWeek,
  type Batch,
  type HemlineError,
} from '@hemline/core';
import type { OnProblem } from './problems.ts';
import { SkippedWeek } from './skipped-week.ts';
import type { ParquetTable, PlacedBatch } from './parquet-table.ts';
import { partitionName, type TableFile } from './table-files.ts';

const INITIAL_ROWS = 1 << 14;

/**
 * Checks what can only be seen over rows: that keys occur once, that weekly series have no gaps where gaps are mistakes,
 * and that a series lies in one partition. Holds some twenty bytes a row of one partition.
 */
export class SeriesCheck {
  readonly #table: ParquetTable;
  readonly #texts: readonly string[];
  readonly #dates: readonly string[];
  readonly #gapsAreErrors: boolean;
  readonly #onProblem: OnProblem;
  /** Which partition a series was first seen in; null where hive keys make a second one impossible. */
  readonly #homes: { readonly index: KeyIndex; readonly partition: string[] } | null;
  readonly #partitionOf: (file: TableFile) => string;
  /** Whether a key that occurs in one partition cannot occur in another: then each can be checked by itself. */
  readonly partitionsAreApart: boolean;
  #index: KeyIndex;
  /** Whether the first skipped week has been told, which alone is explained. */
  #isExplained = false;
  /** Series of the partitions that have ended. */
  count = 0;
  #rows = 0;
  #series = new Int32Array(INITIAL_ROWS);
  #first = new Int32Array(INITIAL_ROWS);
  #second = new Int32Array(INITIAL_ROWS);
  /** Files and first rows of the batches: they lead from a row of the partition back to the file. */
  #runs: { readonly start: number; readonly file: TableFile; readonly firstRow: number }[] = [];

  /**
   * @param table whose rows are checked
   * @param wholeFiles whether a series must lie in one file, not only in one hive folder
   * @param onProblem told of every problem
   */
  constructor(table: ParquetTable, wholeFiles: boolean, onProblem: OnProblem) {
    this.#onProblem = onProblem;
    this.#partitionOf = wholeFiles ? (file) => file.name : partitionName;
    const definition = TABLES[table.name];
    const isDate = (name: string): boolean =>
      definition.roles.find((role) => role.name === name)!.type === 'date';
    this.#table = table;
    this.#texts = definition.key.filter((name) => !isDate(name));
    this.#dates = definition.key.filter(isDate);
    this.#gapsAreErrors = table.name === 'weekly' && table.descriptor.missingWeeks === 'error';
    this.#index = new KeyIndex(this.#texts);
    const keyed = table.files.every((file) =>
      Object.keys(file.keys).some((key) => this.#texts.some((text) => table.sourceOf(text) === key)),
    );
    this.#homes =
      table.name === 'weekly' && (wholeFiles || !keyed) && table.files.length > 1
        ? { index: new KeyIndex(this.#texts), partition: [] }
        : null;
    this.partitionsAreApart = keyed || table.name === 'weekly';
  }

  /**
   * Takes a batch in.
   * @param placed with the key's columns
   */
  add(placed: PlacedBatch): void {
    const { batch, file, firstRow } = placed;
    const series = this.#index.add(batch);
    this.#grow(this.#rows + batch.length);
    this.#series.set(series, this.#rows);
    if (this.#dates[0] !== undefined) this.#first.set(batch.weeks(this.#dates[0]), this.#rows);
    if (this.#dates[1] !== undefined) this.#second.set(batch.weeks(this.#dates[1]), this.#rows);
    this.#runs.push({ start: this.#rows, file, firstRow });
    if (this.#homes !== null) this.#checkHome(batch, placed);
    this.#rows += batch.length;
  }

  /**
   * Checks the rows taken in since the last partition ended, and forgets them: that no key occurs twice, and no week is skipped.
   */
  endPartition(): void {
    const offsets = new Uint32Array(this.#index.size + 1);
    for (let row = 0; row < this.#rows; row++) offsets[this.#series[row]! + 1]!++;
    for (let s = 0; s < this.#index.size; s++) offsets[s + 1]! += offsets[s]!;
    const order = new Uint32Array(this.#rows);
    const next = offsets.slice();
    for (let row = 0; row < this.#rows; row++) order[next[this.#series[row]!]!++] = row;
    for (let s = 0; s < this.#index.size; s++) this.#checkSeries(order.subarray(offsets[s], offsets[s + 1]));
    this.count += this.#index.size;
    this.#index = new KeyIndex(this.#texts);
    this.#rows = 0;
    this.#runs = [];
  }

  #checkSeries(rows: Uint32Array): void {
    const compare = (a: number, b: number): number =>
      this.#first[a]! - this.#first[b]! || this.#second[a]! - this.#second[b]!;
    for (let i = 1; i < rows.length; i++) {
      if (compare(rows[i - 1]!, rows[i]!) <= 0) continue;
      rows.sort(compare);
      break;
    }
    for (let i = 1; i < rows.length; i++) {
      const [before, row] = [rows[i - 1]!, rows[i]!];
      if (compare(before, row) === 0)
        this.#tell('a key occurs twice', () => this.#duplicate(Math.min(before, row), Math.max(before, row)));
      const step = this.#first[row]! - this.#first[before]!;
      if (this.#gapsAreErrors && step > DAYS_PER_WEEK) this.#tellSkipped(before, row);
    }
  }

  #tell(kind: string, error: () => HemlineError): void {
    this.#onProblem({ table: this.#table.name, column: null, kind, error });
  }

  #tellSkipped(before: number, row: number): void {
    const error = (): SkippedWeek => this.#skippedWeek(before, row);
    this.#onProblem({
      ...{ table: this.#table.name, column: this.#table.sourceOf('week'), kind: 'a week is skipped' },
      settlement: { setting: 'missingWeeks', values: ['zero', 'unobserved'] },
      error,
      explain: this.#isExplained ? undefined : explainLater(error(), this.#table),
    });
    this.#isExplained = true;
  }

  #duplicate(first: number, second: number): DataError {
    const earlier = this.#placeOf(first);
    return new DataError('a key occurs twice', {
      expected: `one row for each ${TABLES[this.#table.name].key.join(' × ')}`,
      found: `${this.#describe(second)} again (first in file ${earlier.file}, row ${earlier.row})`,
      where: { table: this.#table.name, ...this.#placeOf(second) },
      remedy: 'Sum or drop the duplicates before handing the data over.',
    });
  }

  #skippedWeek(before: number, row: number): SkippedWeek {
    return new SkippedWeek({
      expected: `week ${formatWeek(addWeeks(this.#first[before]!, 1))} after ${formatWeek(this.#first[before]!)}`,
      found: this.#describe(row),
      where: { table: this.#table.name, ...this.#placeOf(row), column: this.#table.sourceOf('week') },
    });
  }

  #checkHome(batch: Batch, placed: PlacedBatch): void {
    const { index, partition } = this.#homes!;
    const name = this.#partitionOf(placed.file);
    const series = index.add(batch);
    for (let row = 0; row < series.length; row++) {
      const home = (partition[series[row]!] ??= name);
      if (home === name) continue;
      const problem = 'a series is spread over two partitions';
      const error = (): DataError =>
        new DataError(problem, {
          expected: 'all weeks of an article and market in one file, or in the files of one hive folder',
          found: `article ${index.text(series[row]!, 0)}, market ${index.text(series[row]!, 1)} in ${home} and in ${name}`,
          where: { table: this.#table.name, file: placed.file.name, row: placed.firstRow + row },
          remedy:
            'Write the dataset anew with "npx hemline repartition --data DATA --out NEW"; or write the table by market (market=DE/…), or as one file.',
        });
      this.#tell(problem, error);
    }
  }

  #describe(row: number): string {
    const texts = this.#texts.map((name, i) => `${name} ${this.#index.text(this.#series[row]!, i)}`);
    const dates = this.#dates.map(
      (name, i) => `${name} ${formatWeek((i === 0 ? this.#first : this.#second)[row]!)}`,
    );
    return [...texts, ...dates].join(', ');
  }

  #placeOf(row: number): { file: string; row: number } {
    const run = this.#runs.findLast(({ start }) => start <= row)!;
    return { file: run.file.name, row: run.firstRow + row - run.start };
  }

  #grow(rows: number): void {
    if (rows <= this.#series.length) return;
    const size = Math.max(rows, this.#series.length * 2);
    const larger = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const grown = new Int32Array(size);
      grown.set(old.subarray(0, this.#rows));
      return grown;
    };
    this.#series = larger(this.#series);
    this.#first = larger(this.#first);
    this.#second = larger(this.#second);
  }
}

/** Rows are forgotten by the time somebody asks: the error is made now. */
function explainLater(error: SkippedWeek, table: ParquetTable): () => Promise<HemlineError> {
  return () => error.explained(table.asStored());
}
