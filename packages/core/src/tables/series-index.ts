import { Batch } from '../batch/batch.ts';
import { takeRows } from '../batch/rows.ts';
import { KeyIndex } from '../panel/key-index.ts';
import { SERIES_KEY } from '../panel/panel.ts';
import type { Week } from '../weeks/week.ts';

/** Room for so many series at first. */
const INITIAL_SERIES = 256;

/**
 * What is known of the rows of a table without reading them: the series, in the order of the rows. Only tables have one whose
 * rows of each series stand together with weeks that never fall.
 */
export interface SeriesIndex {
  /** `article` and `market` of each series. */
  readonly keys: Batch;
  /** First week of each series. */
  readonly first: Int32Array;
}

/** Makes the index of a table's series while the table is read: some bytes a series, none a row. */
export class SeriesIndexBuilder {
  readonly #keys = new KeyIndex(SERIES_KEY);
  #first = new Int32Array(INITIAL_SERIES);
  #isOrdered = true;
  #series = -1;
  #week = -Infinity;

  /**
   * Takes the next rows in.
   * @param batch with `article`, `market` and `week`
   */
  add(batch: Batch): void {
    const series = this.#keys.add(batch);
    if (!this.#isOrdered) return;
    const weeks = batch.weeks('week');
    for (let row = 0; row < series.length; row++) {
      const one = series[row]!;
      const week = weeks[row]!;
      if (one > this.#series) this.#begin(one, week);
      // Numbers are given in order: a smaller one has ended before.
      else if (one < this.#series || week < this.#week) this.#isOrdered = false;
      this.#week = week;
    }
  }

  /**
   * Ends the reading.
   * @returns the index; null where rows of a series are scattered, or their weeks fall
   */
  finish(): SeriesIndex | null {
    if (!this.#isOrdered) return null;
    const [article, market] = this.#keys.toColumns();
    const keys = new Batch({ article: article!, market: market! }, this.#keys.size);
    return { keys, first: this.#first.slice(0, keys.length) };
  }

  #begin(series: number, week: Week): void {
    if (series >= this.#first.length) {
      const larger = new Int32Array(2 * this.#first.length);
      larger.set(this.#first);
      this.#first = larger;
    }
    this.#first[series] = week;
    this.#series = series;
  }
}

/**
 * The index of the rows up to a week: series that began later are not there.
 * @param index of all rows
 * @param until last week, inclusive
 * @returns the index of the rows that are left
 */
export function seriesUntil(index: SeriesIndex, until: Week): SeriesIndex {
  const kept = new Uint32Array(index.first.length);
  let count = 0;
  for (let series = 0; series < index.first.length; series++)
    if (index.first[series]! <= until) kept[count++] = series;
  if (count === kept.length) return index;
  const rows = kept.subarray(0, count);
  return { keys: takeRows(index.keys, rows), first: Int32Array.from(rows, (row) => index.first[row]!) };
}
