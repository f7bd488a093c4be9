import { QUANTILES } from '@hemline/features';
import type { Shares, WindowCoverage } from './window-score.ts';

/** Quantile columns of forecasts, by the quantile in percent. */
export const QUANTILE_COLUMNS: readonly (readonly [percent: string, column: string])[] = QUANTILES.map(
  ({ share, column }) => [String(Number((100 * share).toPrecision(6))), column],
);

/** Counts in how many rows what was drawn is at or below each quantile, by week ahead. */
export class QuantileShares {
  /** By week ahead: rows, then rows below each quantile. */
  readonly #weeks: Float64Array[] = [];

  /**
   * @param weekAhead 1 for the week after the cutoff
   * @param drawn units
   * @param quantiles the forecast's, in the order of {@link QUANTILE_COLUMNS}
   */
  add(weekAhead: number, drawn: number, quantiles: readonly number[]): void {
    const counts = (this.#weeks[weekAhead - 1] ??= new Float64Array(1 + QUANTILE_COLUMNS.length));
    counts[0]!++;
    quantiles.forEach((quantile, i) => (counts[i + 1]! += Number(drawn <= quantile)));
  }

  /** @returns the shares; null where no row was added */
  get coverage(): WindowCoverage | null {
    const weeks = this.#weeks.filter((counts) => counts !== undefined);
    if (weeks.length === 0) return null;
    const sums = new Float64Array(1 + QUANTILE_COLUMNS.length);
    for (const counts of weeks) counts.forEach((count, i) => (sums[i]! += count));
    return { all: sharesOf(sums), byWeek: weeks.map(sharesOf) };
  }
}

function sharesOf(counts: Float64Array): Shares {
  return Object.fromEntries(QUANTILE_COLUMNS.map(([percent], i) => [percent, counts[i + 1]! / counts[0]!]));
}
