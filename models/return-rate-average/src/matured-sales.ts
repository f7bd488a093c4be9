import { Batch, DAYS_PER_WEEK, KeyIndex } from '@hemline/core';
import type { CohortRows, HierarchicalAverages, ReturnTimes } from '@hemline/features';

/** Cohorts of an item are dealt into so many blocks by their sale week. */
const BLOCKS = 4;

/** Room for so many items at first. */
const INITIAL_ITEMS = 64;

/**
 * Units returned, and units sold times the share of their returns that has had time to arrive, by item and block.
 *
 * Sales and returns of a cohort are in two tables and never meet, so that the rate of a single cohort is not known. That
 * of a block of cohorts is, and the spread of an item's blocks tells how much rates vary by chance and from week to week
 * (the method of random groups: Wolter 2007, Introduction to Variance Estimation, chapter 2).
 * Memory: 64 bytes per item, and the keys. All terms are positive, so that plain sums lose nothing that matters.
 */
export class MaturedSales {
  readonly #index = new KeyIndex(['article', 'group', 'market']);
  /** By item and block: matured units sold, units returned. */
  #sums = new Float64Array(INITIAL_ITEMS * BLOCKS * 2);

  /**
   * Adds units sold.
   * @param rows of a batch
   * @param times of the markets: what share of the returns is back at which age
   */
  addSales(rows: CohortRows, times: ReturnTimes): void {
    const cells = this.#cellsOf(rows);
    const { dictionary, values: market } = rows.keys.strings('market');
    // One curve per market, not per row.
    const markets = new Batch({
      market: {
        type: 'string',
        length: dictionary.length,
        values: Int32Array.from(dictionary.keys()),
        dictionary,
        validity: null,
      },
    });
    const curves = times.maturity(markets);
    const last = times.width - 1;
    for (let row = 0; row < cells.length; row++) {
      if (rows.units[row] === 0) continue;
      const matured = curves[market[row]! * times.width + Math.min(rows.age[row]!, last)]!;
      this.#sums[cells[row]!]! += rows.units[row]! * matured;
    }
  }

  /**
   * Adds units returned.
   * @param rows of a batch
   */
  addReturns(rows: CohortRows): void {
    const cells = this.#cellsOf(rows);
    for (let row = 0; row < cells.length; row++) this.#sums[cells[row]! + 1]! += rows.units[row]!;
  }

  /**
   * Hands every block over as one observation: returned / matured units, weighted by matured units. Blocks without units
   * sold (their weeks had no value) are passed over.
   * @param averages where to
   */
  observe(averages: HierarchicalAverages): void {
    const keys = new Batch(
      new Map(this.#index.toColumns().map((column, at) => [this.#index.columns[at]!, column])),
      this.#index.size,
    );
    for (let block = 0; block < BLOCKS; block++) {
      const units = new Float64Array(keys.length);
      const rates = new Float64Array(keys.length);
      for (let item = 0; item < keys.length; item++) {
        const cell = (item * BLOCKS + block) * 2;
        units[item] = this.#sums[cell]!;
        if (units[item]! > 0) rates[item] = this.#sums[cell + 1]! / units[item]!;
      }
      averages.add(keys, rates, units);
    }
  }

  #cellsOf(rows: CohortRows): Int32Array {
    const items = this.#index.add(rows.keys);
    const needed = this.#index.size * BLOCKS * 2;
    if (needed > this.#sums.length) {
      const larger = new Float64Array(2 * needed);
      larger.set(this.#sums);
      this.#sums = larger;
    }
    return items.map((item, row) => (item * BLOCKS + blockOf(rows.saleWeek[row]!)) * 2);
  }
}

/** Neighbouring weeks fall into different blocks, so that each holds old and young cohorts. */
function blockOf(saleWeek: number): number {
  const turn = Math.floor(saleWeek / DAYS_PER_WEEK) % BLOCKS;
  return turn < 0 ? turn + BLOCKS : turn;
}
