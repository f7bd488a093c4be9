/** Sums the time of named stages of synchronous work. */
export class Stopwatch {
  readonly #sums = new Map<string, number>();

  /**
   * @param stage its name
   * @param work to be timed
   * @returns what the work returns
   */
  time<T>(stage: string, work: () => T): T {
    const start = performance.now();
    const result = work();
    this.#sums.set(stage, this.of(stage) + performance.now() - start);
    return result;
  }

  /**
   * @param stage its name
   * @param work to be waited for
   * @returns what the work returns
   */
  async wait<T>(stage: string, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await work();
    this.#sums.set(stage, this.of(stage) + performance.now() - start);
    return result;
  }

  /**
   * @param stage its name
   * @returns milliseconds so far
   */
  of(stage: string): number {
    return this.#sums.get(stage) ?? 0;
  }
}
