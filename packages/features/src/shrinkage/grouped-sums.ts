/** Room for so many keys at first. */
const INITIAL_KEYS = 256;

/**
 * Several running sums for every key, in flat arrays that grow with the keys alone. Each sum is compensated (Neumaier
 * 1974, a variant of Kahan's summation), so that the order of billions of terms makes no difference that matters.
 */
export class GroupedSums {
  readonly width: number;
  #sums: Float64Array;
  #compensations: Float64Array;

  /** @param width how many sums a key has */
  constructor(width: number) {
    this.width = width;
    this.#sums = new Float64Array(INITIAL_KEYS * width);
    this.#compensations = new Float64Array(INITIAL_KEYS * width);
  }

  /**
   * Makes room; call before adding to keys not seen so far.
   * @param keys how many there are
   */
  reserve(keys: number): void {
    if (keys * this.width <= this.#sums.length) return;
    this.#sums = grown(this.#sums, 2 * keys * this.width);
    this.#compensations = grown(this.#compensations, 2 * keys * this.width);
  }

  /**
   * @param key its number
   * @param position of the sum
   * @param term to add
   */
  add(key: number, position: number, term: number): void {
    const at = key * this.width + position;
    const sum = this.#sums[at]!;
    const next = sum + term;
    this.#compensations[at]! += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
    this.#sums[at] = next;
  }

  /**
   * @param key its number
   * @param position of the sum
   * @returns the sum so far
   */
  at(key: number, position: number): number {
    const at = key * this.width + position;
    return this.#sums[at]! + this.#compensations[at]!;
  }

  /**
   * @param position of the sum
   * @param keys how many there are
   * @returns the sums of the first keys, a copy
   */
  column(position: number, keys: number): Float64Array {
    return Float64Array.from({ length: keys }, (_, key) => this.at(key, position));
  }
}

function grown(values: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length);
  larger.set(values);
  return larger;
}
