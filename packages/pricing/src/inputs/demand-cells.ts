import {
  ConfigurationError,
  formatWeek,
  listing,
  roundDiscount,
  type Batch,
  type DiscountGrid,
} from '@hemline/core';
import { sharedFloat32 } from './article-table.ts';
import type { BadArticles } from './bad-articles.ts';
import { dispersionOfQuantiles, optionalFloats } from './forecast-columns.ts';
import type { SeriesOrder } from './series-order.ts';

/** Demand of every series, week and level, as forecasts fill it in. */
export class DemandCells {
  readonly demand: Float32Array;
  /** Besides the Poisson part [N·T]; NaN where the forecast tells none. */
  readonly dispersion: Float32Array;
  readonly support: Float32Array;
  readonly #order: SeriesOrder;
  readonly #weekAt: ReadonlyMap<number, number>;
  readonly #weeks: Int32Array;
  readonly #discounts: DiscountGrid;
  readonly #levelAt: ReadonlyMap<number, number>;
  readonly #bad: BadArticles;

  /**
   * @param order of the series
   * @param weeks ahead
   * @param discounts levels of the grid
   * @param bad receives articles whose forecast is no number of units, or has a gap
   */
  constructor(order: SeriesOrder, weeks: Int32Array, discounts: DiscountGrid, bad: BadArticles) {
    const series = order.market.length;
    this.demand = sharedFloat32(series * weeks.length * discounts.length).fill(NaN);
    this.dispersion = sharedFloat32(series * weeks.length).fill(NaN);
    this.support = sharedFloat32(series);
    this.#order = order;
    this.#bad = bad;
    this.#weeks = weeks;
    this.#discounts = discounts;
    this.#weekAt = new Map([...weeks].map((week, t) => [week, t]));
    this.#levelAt = new Map([...discounts].map((level, l) => [level, l]));
  }

  /**
   * Takes forecasts of demand.
   * @param batch rows of `article`, `market`, `week`, `discount`, `demand`; perhaps `dispersion`, or `demandLow` and `demandHigh`
   *   (10 % and 90 % quantiles), and `support`
   * @throws ConfigurationError for weeks or discounts that are not those of the run
   */
  add(batch: Batch): void {
    const series = this.#order.find(batch);
    const weeks = batch.weeks('week');
    const discounts = batch.floats('discount');
    const demand = batch.floats('demand');
    const total = optionalFloats(batch, 'dispersion');
    const [low, high] = [optionalFloats(batch, 'demandLow'), optionalFloats(batch, 'demandHigh')];
    const support = optionalFloats(batch, 'support');
    const [T, L] = [this.#weeks.length, this.#discounts.length];
    for (let row = 0; row < batch.length; row++) {
      const n = series[row]!;
      const t = this.#weekAt.get(weeks[row]!);
      const l = this.#levelAt.get(roundDiscount(discounts[row]!));
      if (t === undefined || l === undefined) throw this.#strange(weeks[row]!, discounts[row]!);
      const units = demand[row]!;
      if (!(units >= 0 && units < Infinity)) {
        this.#bad.addSeries(n, `a forecast of demand of ${units} units`, this.#place(t, l));
        continue;
      }
      this.demand[(n * T + t) * L + l] = units;
      if (support !== null) this.support[n] = support[row]!;
      if (l > 0 && !Number.isNaN(this.dispersion[n * T + t]!)) continue;
      const spread =
        total !== null
          ? total[row]!
          : low !== null && high !== null && low[row]! > 0
            ? dispersionOfQuantiles(low[row]!, high[row]!)
            : NaN;
      // What the forecast tells is the whole spread; that of counts around their mean comes on top of ours.
      if (!Number.isNaN(spread) && units > 0) this.dispersion[n * T + t] = Math.max(0, spread - 1 / units);
    }
  }

  /** Looks for articles of whose demand something is missing. */
  checkWhole(): void {
    const cells = this.#weeks.length * this.#discounts.length;
    for (let n = 0; n < this.#order.market.length; n++) {
      const gap = this.demand.subarray(n * cells, (n + 1) * cells).findIndex(Number.isNaN);
      if (gap === -1) continue;
      const L = this.#discounts.length;
      this.#bad.addSeries(n, 'no forecast of demand', this.#place(Math.floor(gap / L), gap % L));
    }
  }

  #place(t: number, l: number): string {
    return `week ${formatWeek(this.#weeks[t]!)}, discount ${this.#discounts[l]}`;
  }

  #strange(week: number, discount: number): ConfigurationError {
    const isWeek = !this.#weekAt.has(week);
    return new ConfigurationError(
      isWeek ? 'the forecast is of other weeks than the run' : 'the forecast is on another grid than the run',
      {
        expected: isWeek
          ? `weeks from ${formatWeek(this.#weeks[0]!)} to ${formatWeek(this.#weeks.at(-1)!)}`
          : `discounts ${listing([...this.#discounts], 20)}`,
        found: isWeek ? formatWeek(week) : String(discount),
        where: { column: isWeek ? 'week' : 'discount' },
        remedy: 'Price a run with its own forecasts: those of another run do not belong together.',
      },
    );
  }
}
