/** Random numbers that are the same in every run (mulberry32). */
export class SeededRandom {
  #state: number;

  /** @param seed any integer */
  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  }

  /** @returns a number in [0, 1) */
  uniform(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /**
   * @param bound positive integer
   * @returns an integer in [0, bound)
   */
  below(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** @returns a standard normal number (Box & Muller) */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /**
   * @param trials how many
   * @param chance of each
   * @returns how many succeed
   */
  binomial(trials: number, chance: number): number {
    let count = 0;
    for (let trial = 0; trial < trials; trial++) if (this.uniform() < chance) count++;
    return count;
  }

  /**
   * @param a first shape, above 1
   * @param b second shape, above 1
   * @returns a beta number, by the ratio of two gamma numbers
   */
  beta(a: number, b: number): number {
    const x = this.gamma(a);
    return x / (x + this.gamma(b));
  }

  /**
   * Marsaglia & Tsang (2000), A simple method for generating gamma variables.
   * @param shape above 1
   * @returns a gamma number
   */
  gamma(shape: number): number {
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const z = this.normal();
      const v = (1 + c * z) ** 3;
      if (v > 0 && Math.log(1 - this.uniform()) < 0.5 * z * z + d - d * v + d * Math.log(v)) return d * v;
    }
  }

  /**
   * @param items any
   * @returns them in a random order (Fisher–Yates)
   */
  shuffle<T>(items: readonly T[]): T[] {
    const order = [...items];
    for (let i = order.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  }
}
