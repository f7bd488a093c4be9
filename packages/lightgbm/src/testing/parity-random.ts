/** Numbers that look random and are the same for the same seed everywhere (mulberry32). */
export class ParityRandom {
  #state: number;

  /** @param seed of the numbers */
  constructor(seed: number) {
    this.#state = (seed * 0x9e3779b1) | 0;
  }

  /** @returns a number from 0 on, below 1 */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /**
   * @param least of the numbers
   * @param most of the numbers
   * @returns a whole number
   */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /**
   * @param share of times
   * @returns true so often
   */
  chance(share: number): boolean {
    return this.next() < share;
  }

  /**
   * @param among the things to choose from
   * @returns one of them
   */
  pick<T>(among: readonly T[]): T {
    return among[this.whole(0, among.length - 1)]!;
  }
}
