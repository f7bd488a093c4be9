/**
 * Forecast demand at the discounts that really were in the shop, from a forecast on a grid of discounts: levels may come in any
 * order, a row at a time. Between two levels demand is interpolated log-linearly in the discount, as demand curves are; linearly
 * where one of the two is 0. Outside of the grid the nearest level stands.
 */
export class DemandAtDiscount {
  readonly #discount: Float64Array;
  readonly #below: Float64Array;
  readonly #above: Float64Array;
  readonly #demandBelow: Float64Array;
  readonly #demandAbove: Float64Array;

  /** @param discounts of the rows that are asked for, fractions of the black price */
  constructor(discounts: Float64Array) {
    this.#discount = discounts;
    this.#below = new Float64Array(discounts.length).fill(-Infinity);
    this.#above = new Float64Array(discounts.length).fill(Infinity);
    this.#demandBelow = new Float64Array(discounts.length);
    this.#demandAbove = new Float64Array(discounts.length);
  }

  /**
   * Takes a forecast of a row at one level.
   * @param row that is asked for
   * @param discount the level
   * @param demand units
   */
  add(row: number, discount: number, demand: number): void {
    const wanted = this.#discount[row]!;
    if (discount <= wanted && discount > this.#below[row]!) {
      this.#below[row] = discount;
      this.#demandBelow[row] = demand;
    }
    if (discount >= wanted && discount < this.#above[row]!) {
      this.#above[row] = discount;
      this.#demandAbove[row] = demand;
    }
  }

  /**
   * @param row that is asked for
   * @returns units; NaN where no level was forecast
   */
  at(row: number): number {
    const [below, above] = [this.#below[row]!, this.#above[row]!];
    const [low, high] = [this.#demandBelow[row]!, this.#demandAbove[row]!];
    if (below === -Infinity) return above === Infinity ? NaN : high;
    if (above === Infinity || above === below) return low;
    const part = (this.#discount[row]! - below) / (above - below);
    return low > 0 && high > 0 ? low ** (1 - part) * high ** part : low * (1 - part) + high * part;
  }
}
