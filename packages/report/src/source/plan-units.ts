import { DAYS_PER_WEEK, type Batch, type KeyIndex, type Week } from '@hemline/core';

/** Levels of a grid are rounded; what differs by less is the same. */
const SAME_LEVEL = 1e-9;

/** The weeks that are looked at. */
export interface WeekSpan {
  readonly first: Week;
  readonly count: number;
}

/**
 * @param span of weeks
 * @param week any
 * @returns its position in the span; −1 of a week outside
 */
export function positionIn({ first, count }: WeekSpan, week: Week): number {
  const position = (week - first) / DAYS_PER_WEEK;
  return position >= 0 && position < count ? position : -1;
}

/**
 * Units of every item and week at the discount that is planned for it: of the levels forecast, the nearest. Memory is that of
 * items × weeks, whatever the number of levels.
 */
export class PlanUnits {
  readonly #span: WeekSpan;
  readonly #plannedOf: (item: number, position: number) => number;
  /** By item and week: units, width of the band, distance of the level from the plan. */
  readonly #units: number[] = [];
  readonly #band: number[] = [];
  readonly #distance: number[] = [];

  /**
   * @param span weeks that are looked at
   * @param plannedOf discount planned for an item in a week of the span; NaN where nothing is planned
   */
  constructor(span: WeekSpan, plannedOf: (item: number, position: number) => number) {
    this.#span = span;
    this.#plannedOf = plannedOf;
  }

  /**
   * Takes rows of a grid.
   * @param batch with `week`, `discount`, `demand`
   * @param items number of each row's item
   * @param band quantiles of the rows, where there are any
   */
  add(
    batch: Batch,
    items: ReturnType<KeyIndex['add']>,
    band: { readonly low: Float64Array; readonly high: Float64Array } | null,
  ): void {
    const weeks = batch.weeks('week');
    const [discount, demand] = [batch.floats('discount'), batch.floats('demand')];
    for (let row = 0; row < items.length; row++) {
      const position = positionIn(this.#span, weeks[row]!);
      if (position === -1 || items[row] === -1) continue;
      const distance = Math.abs(discount[row]! - this.#plannedOf(items[row]!, position));
      const at = items[row]! * this.#span.count + position;
      // Of two that are as near, the one that comes first holds: the lower discount.
      if (!(distance < (this.#distance[at] ?? Infinity) - SAME_LEVEL)) continue;
      this.#distance[at] = distance;
      this.#units[at] = demand[row]!;
      this.#band[at] = band === null ? NaN : band.high[row]! - band.low[row]!;
    }
  }

  /**
   * @param item number
   * @param position of the week
   * @returns units; NaN where nothing was forecast, or nothing is planned
   */
  at(item: number, position: number): number {
    return this.#units[item * this.#span.count + position] ?? NaN;
  }

  /**
   * @param item number
   * @param position of the week
   * @returns width of the band around the units; NaN of a model without quantiles
   */
  bandAt(item: number, position: number): number {
    return this.#band[item * this.#span.count + position] ?? NaN;
  }
}
