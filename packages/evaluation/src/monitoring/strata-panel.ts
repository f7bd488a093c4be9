import { addWeeks, type Week } from '@hemline/core';
import { STRATA } from './row-conditions.ts';

/** Sums of some weeks: a line for each part and stratum that has rows. */
export interface StrataSums {
  readonly part: Int32Array;
  readonly stratum: Int32Array;
  readonly numerator: Float64Array;
  readonly denominator: Float64Array;
}

/** Cells that sums begin with. */
const FIRST_CELLS = 32;

/** Sums of cells; a cell is part · strata + stratum. */
class CellSums {
  readonly #places = new Map<number, number>();
  /** Numerator and denominator of each cell, in turn; longer than is used. */
  #sums = new Float64Array(2 * FIRST_CELLS);

  add(cell: number, numerator: number, denominator: number): void {
    let place = this.#places.get(cell);
    if (place === undefined) {
      place = 2 * this.#places.size;
      this.#places.set(cell, place);
      if (place === this.#sums.length) {
        const grown = new Float64Array(2 * place);
        grown.set(this.#sums);
        this.#sums = grown;
      }
    }
    this.#sums[place]! += numerator;
    this.#sums[place + 1]! += denominator;
  }

  addTo(other: CellSums): void {
    for (const [cell, place] of this.#places) other.add(cell, this.#sums[place]!, this.#sums[place + 1]!);
  }

  table(): StrataSums {
    const cells = Int32Array.from(this.#places.keys());
    return {
      part: cells.map((cell) => Math.floor(cell / STRATA)),
      stratum: cells.map((cell) => cell % STRATA),
      numerator: Float64Array.from(cells, (_, i) => this.#sums[2 * i]!),
      denominator: Float64Array.from(cells, (_, i) => this.#sums[2 * i + 1]!),
    };
  }
}

/**
 * Sums of demand and forecast by week, notice, part of a dimension and stratum. Memory grows with weeks × notices × the strata that
 * parts have rows of, not with rows.
 */
export class StrataPanel {
  /** By notice, then by week. */
  readonly #weeks: readonly Map<Week, CellSums>[];

  /** @param longest notice, in weeks */
  constructor(longest: number) {
    this.#weeks = Array.from({ length: longest }, () => new Map<Week, CellSums>());
  }

  /**
   * @param week of the row
   * @param notices the shortest and the longest that its forecast is the newest of; longer ones than are kept are passed over
   * @param part of the dimension
   * @param stratum of the row
   * @param numerator to add
   * @param denominator to add
   */
  add(
    week: Week,
    notices: readonly [number, number],
    part: number,
    stratum: number,
    numerator: number,
    denominator: number,
  ): void {
    const [shortest, longest] = notices;
    for (let notice = shortest; notice <= Math.min(longest, this.#weeks.length); notice++) {
      const weeks = this.#weeks[notice - 1]!;
      let sums = weeks.get(week);
      if (sums === undefined) weeks.set(week, (sums = new CellSums()));
      sums.add(part * STRATA + stratum, numerator, denominator);
    }
  }

  /**
   * Sums of some weeks, by the newest forecasts that were made before the first of them.
   * @param last of the weeks
   * @param length number of weeks, at most the longest notice
   * @returns sums by part and stratum; null unless every week has a forecast
   */
  sums(last: Week, length: number): StrataSums | null {
    const all = new CellSums();
    for (let notice = 1; notice <= length; notice++) {
      const own = this.#weeks[notice - 1]!.get(addWeeks(last, notice - length));
      if (own === undefined) return null;
      own.addTo(all);
    }
    return all.table();
  }
}
