/**
 * A seeded source of random numbers for test data: mulberry32, 32 bits of state, the same on every machine.
 */
export class SeededRandom {
  #state: number;

  /** @param seed any integer */
  constructor(seed: number) {
    this.#state = Math.imul(seed, 0x9e3779b1) >>> 0;
  }

  /** @returns uniform in [0, 1) */
  uniform(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /**
   * @param probability of true
   * @returns true or false
   */
  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /**
   * @param bound exclusive
   * @returns an integer in [0, bound)
   */
  below(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /**
   * Poisson by Knuth's product of uniforms: fine for the small means of test data.
   * @param mean at most some hundreds
   * @returns a count
   */
  poisson(mean: number): number {
    const limit = Math.exp(-mean);
    let product = this.uniform();
    let count = 0;
    while (product > limit) {
      product *= this.uniform();
      count++;
    }
    return count;
  }

  /**
   * @param trials how many
   * @param probability of each
   * @returns how many succeeded
   */
  binomial(trials: number, probability: number): number {
    let count = 0;
    for (let i = 0; i < trials; i++) if (this.chance(probability)) count++;
    return count;
  }

  /**
   * A random order (Fisher–Yates).
   * @param length how many
   * @returns the numbers 0 … length − 1, shuffled
   */
  permutation(length: number): Uint32Array {
    const order = Uint32Array.from({ length }, (_, i) => i);
    for (let i = length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const swapped = order[i]!;
      order[i] = order[j]!;
      order[j] = swapped;
    }
    return order;
  }
}
