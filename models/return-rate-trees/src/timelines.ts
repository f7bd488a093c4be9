import type { CohortTable, SoldCohorts } from './cohort-table.ts';
import type { WeeklyCounts } from './counts.ts';

/**
 * What was known of the rate of each series as of each week: units returned so far, and units sold times the share of their
 * returns that had had time to arrive (exposure). Their ratio is the rate, free of the bias of young cohorts.
 */
export class Timelines implements WeeklyCounts {
  /** First week of each series with a row, and where its values begin. */
  readonly #first: Int32Array;
  readonly #offsets: Int32Array;
  readonly exposure: Float64Array;
  readonly returned: Float64Array;

  /**
   * @param cohorts sold, and what came back of them
   * @param cohorts.back what came back
   * @param maturity of each series: share of its returns that are in after 0 … K weeks; K + 1 values each
   * @param width K + 1
   */
  constructor({ back, ...table }: CohortTable, maturity: Float64Array, width: number) {
    const count = table.series.length;
    this.#first = new Int32Array(count);
    this.#offsets = new Int32Array(count + 1);
    for (let series = 0; series < count; series++) {
      const from = table.offsets[series]!;
      const to = table.offsets[series + 1]!;
      this.#first[series] = from < to ? table.week[from]! : 0;
      // From the first row to the last return that may come; later nothing changes.
      const weeks = from < to ? table.week[to - 1]! - table.week[from]! + width : 0;
      this.#offsets[series + 1] = this.#offsets[series]! + weeks;
    }
    this.exposure = new Float64Array(this.#offsets[count]!);
    this.returned = new Float64Array(this.#offsets[count]!);
    for (let series = 0; series < count; series++) this.#addSales(table, series, maturity, width);
    for (let row = 0; row < back.series.length; row++) {
      const series = back.series[row]!;
      const at = this.#offsets[series]! + back.week[row]! - this.#first[series]!;
      this.returned[at]! += back.units[row]!;
    }
    for (let series = 0; series < count; series++)
      for (let at = this.#offsets[series]! + 1; at < this.#offsets[series + 1]!; at++) {
        this.exposure[at]! += this.exposure[at - 1]!;
        this.returned[at]! += this.returned[at - 1]!;
      }
  }

  /**
   * @param series its number
   * @param week as of whose end
   * @returns where its counts stand; −1 before its first week
   */
  at(series: number, week: number): number {
    const from = this.#offsets[series]!;
    const to = this.#offsets[series + 1]!;
    const past = week - this.#first[series]!;
    if (past < 0 || from === to) return -1;
    return Math.min(from + past, to - 1);
  }

  /** A unit sold counts in the week of the sale and the following ones as its returns mature. */
  #addSales(table: SoldCohorts, series: number, maturity: Float64Array, width: number): void {
    for (let row = table.offsets[series]!; row < table.offsets[series + 1]!; row++) {
      const at = this.#offsets[series]! + table.week[row]! - this.#first[series]!;
      let before = 0;
      for (let lag = 0; lag < width; lag++) {
        const share = maturity[series * width + lag]!;
        this.exposure[at + lag]! += table.units[row]! * (share - before);
        before = share;
      }
    }
  }
}
