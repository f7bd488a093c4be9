import { Batch, KeyIndex, SERIES_KEY } from '@hemline/core';

/** Room for so many items at first. */
const INITIAL_ITEMS = 256;

/** Sums of several amounts for every (article, market), in one flat array. Memory grows with the items alone. */
export class ItemSums {
  readonly width: number;
  readonly #index = new KeyIndex(SERIES_KEY);
  #sums: Float64Array;

  /** @param width how many amounts an item has */
  constructor(width: number) {
    this.width = width;
    this.#sums = new Float64Array(INITIAL_ITEMS * width);
  }

  /** Items seen. */
  get size(): number {
    return this.#index.size;
  }

  /**
   * @param batch with `article` and `market`
   * @returns the item of each row
   */
  itemsOf(batch: Batch): Int32Array {
    const numbers = this.#index.add(batch);
    if (this.#index.size * this.width > this.#sums.length) {
      const larger = new Float64Array(2 * this.#index.size * this.width);
      larger.set(this.#sums);
      this.#sums = larger;
    }
    return numbers;
  }

  /**
   * @param item its number
   * @param position of the amount
   * @param amount to add
   */
  add(item: number, position: number, amount: number): void {
    this.#sums[item * this.width + position]! += amount;
  }

  /**
   * @param item its number
   * @param position of the amount
   * @returns the sum
   */
  at(item: number, position: number): number {
    return this.#sums[item * this.width + position]!;
  }

  /** @returns `article` and `market` of every item, in the order of their numbers */
  keys(): Batch {
    const [article, market] = this.#index.toColumns();
    return new Batch({ article: article!, market: market! }, this.#index.size);
  }
}
