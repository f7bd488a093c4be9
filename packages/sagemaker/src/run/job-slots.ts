/** Lets at most so many jobs run at once, first come, first served. */
export class JobSlots {
  #free: number;
  readonly #total: number;
  readonly #waiting: { readonly wanted: number; readonly go: () => void }[] = [];

  /** @param total jobs at once */
  constructor(total: number) {
    this.#total = total;
    this.#free = total;
  }

  /**
   * Does work when there is room for it.
   * @param wanted slots; more than there are counts as all
   * @param work to do
   * @returns what the work gives
   */
  async with<T>(wanted: number, work: () => Promise<T>): Promise<T> {
    const slots = Math.min(wanted, this.#total);
    if (this.#waiting.length > 0 || this.#free < slots)
      await new Promise<void>((go) => this.#waiting.push({ wanted: slots, go }));
    else this.#free -= slots;
    try {
      return await work();
    } finally {
      this.#free += slots;
      this.#next();
    }
  }

  #next(): void {
    while (this.#waiting.length > 0 && this.#free >= this.#waiting[0]!.wanted) {
      const { wanted, go } = this.#waiting.shift()!;
      this.#free -= wanted;
      go();
    }
  }
}
