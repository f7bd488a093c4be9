import { Batch, KeyIndex, SERIES_KEY } from '@hemline/core';

/** Looks through the keys of a table: which series there are, and whether the rows of each stand together. */
export class SeriesRuns {
  readonly #index = new KeyIndex(SERIES_KEY);
  #last = -1;
  #rows = 0;
  #isTogether = true;

  /** Rows seen. */
  get rows(): number {
    return this.#rows;
  }

  /** Whether no series comes back after another has begun. */
  get isTogether(): boolean {
    return this.#isTogether;
  }

  /** @param batch with `article` and `market` */
  add(batch: Batch): void {
    const numbers = this.#index.add(batch);
    for (const number of numbers) {
      // Numbers are given in order: a smaller one was seen before.
      if (number < this.#last) this.#isTogether = false;
      this.#last = Math.max(this.#last, number);
    }
    this.#rows += numbers.length;
  }

  /** @returns `article` and `market` of each series, in the order of their first rows */
  keys(): Batch {
    const [article, market] = this.#index.toColumns();
    return new Batch({ article: article!, market: market! });
  }
}
