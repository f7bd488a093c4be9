import { isOnSale, type Cohort } from '../series/cohort.ts';
import { CLEARANCE_LOTS } from '../money/residual-value.ts';
import { sumOf } from '../series/series-state.ts';
import type { ShopState } from './shop-state.ts';

/** What has become of units since the play began, [N] each: came in = sold + left − returned, for every stock to the unit. */
export interface Units {
  /** In stock at the beginning, and delivered since. Of a stock that is shared, the first market has what was there. */
  readonly cameIn: Float64Array;
  readonly sold: Float64Array;
  /** Come back into stock, whenever they were sold. */
  readonly returned: Float64Array;
  /** In stock, or left after the season, cleared ones included. Of a stock that is shared, the first market has what is there. */
  readonly left: Float64Array;
  /** Of these, units that lots have taken. */
  readonly cleared: Float64Array;
}

/** Counts units from week to week. */
export class UnitCounts {
  readonly #cohort: Cohort;
  /** 1 for the first series of each stock. */
  readonly #isFirst: Uint8Array;
  readonly #isCounted: Uint8Array;
  readonly #cameIn: Float64Array;
  readonly #sold: Float64Array;
  readonly #returned: Float64Array;
  readonly #clearedBefore: Float64Array;

  /**
   * @param cohort all series
   * @param before the state before the first week
   * @param end week after the last that is played; what is launched later is not counted
   */
  constructor(cohort: Cohort, before: ShopState, end: number) {
    const count = cohort.series.length;
    this.#cohort = cohort;
    this.#isFirst = new Uint8Array(count);
    this.#isCounted = Uint8Array.from(cohort.series, ({ record }) => (record.launch < end ? 1 : 0));
    const firsts = new Set(cohort.stocks.map(([first]) => first));
    cohort.series.forEach((series, n) => (this.#isFirst[n] = firsts.has(series) ? 1 : 0));
    this.#cameIn = this.#onHand(before);
    this.#sold = new Float64Array(count);
    this.#returned = new Float64Array(count);
    this.#clearedBefore = this.#cleared();
  }

  /**
   * Counts a week.
   * @param week that was sold
   * @param played what happened to the series of the play; 0 for others
   */
  count(
    week: number,
    { level, sales, returned }: { level: Int8Array; sales: Float64Array; returned: Float64Array },
  ): void {
    this.#cohort.series.forEach(({ record, deliveries }, n) => {
      const at = (week - record.launch) * record.sizes;
      if (level[n] !== -1 && isOnSale(record, week))
        this.#cameIn[n]! += sumOf(deliveries, at, at + record.sizes);
      this.#sold[n]! += sales[n]!;
      this.#returned[n]! += returned[n]!;
    });
  }

  /**
   * @param before the state after the last week
   * @returns new arrays
   */
  units(before: ShopState): Units {
    const cleared = this.#cleared().map((units, n) => units - this.#clearedBefore[n]!);
    return {
      cameIn: this.#cameIn.slice(),
      sold: this.#sold.slice(),
      returned: this.#returned.slice(),
      left: this.#onHand(before).map((units, n) => units + cleared[n]!),
      cleared,
    };
  }

  #onHand(before: ShopState): Float64Array {
    return Float64Array.from(this.#isCounted, (isCounted, n) => {
      if (isCounted === 0) return 0;
      return before.leftovers(n) + (this.#isFirst[n] === 1 ? before.stock(n) : 0);
    });
  }

  #cleared(): Float64Array {
    return Float64Array.from(this.#cohort.series, ({ record }) =>
      sumOf(record.clearedUnits, 0, CLEARANCE_LOTS.length),
    );
  }
}
