/**
 * A running sum that does not lose small terms beside large ones: Neumaier's variant of Kahan's compensated summation
 * (Neumaier 1974, Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen). Billions of rows may be added.
 */
export class CompensatedSum {
  #sum = 0;
  #compensation = 0;

  /** The sum so far. */
  get value(): number {
    return this.#sum + this.#compensation;
  }

  /** @param term to add */
  add(term: number): void {
    const next = this.#sum + term;
    this.#compensation +=
      Math.abs(this.#sum) >= Math.abs(term) ? this.#sum - next + term : term - next + this.#sum;
    this.#sum = next;
  }
}
