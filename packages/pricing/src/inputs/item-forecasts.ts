import type { Batch, DiscountGrid, QuantityName } from '@hemline/core';
import { sharedFloat32, sharedFloat64 } from './article-table.ts';
import type { BadArticles } from './bad-articles.ts';
import { columnName, interpolate, rateColumns } from './forecast-columns.ts';
import type { SeriesOrder } from './series-order.ts';

/** Lags of returns that are told apart: what comes back later is taken to come back last. */
const LAGS = 15;

/** Forecasts of the quantities that are one number an item, or a few; NaN where none came. */
export class ItemForecasts {
  readonly returnRate: Float32Array;
  readonly lags = LAGS;
  readonly returnLag: Float32Array;
  readonly shippingCost: Float64Array;
  readonly returnCost: Float64Array;
  readonly residual: Float64Array;
  readonly #order: SeriesOrder;
  readonly #discounts: DiscountGrid;
  readonly #bad: BadArticles;

  /**
   * @param order of the series
   * @param discounts levels of the grid
   * @param bad receives articles with a value that cannot be
   */
  constructor(order: SeriesOrder, discounts: DiscountGrid, bad: BadArticles) {
    this.#bad = bad;
    const series = order.market.length;
    this.#order = order;
    this.#discounts = discounts;
    this.returnRate = sharedFloat32(series * discounts.length).fill(NaN);
    this.returnLag = sharedFloat32(series * LAGS);
    this.shippingCost = sharedFloat64(series).fill(NaN);
    this.returnCost = sharedFloat64(series).fill(NaN);
    this.residual = sharedFloat64(series).fill(NaN);
  }

  /**
   * Takes forecasts of a quantity other than demand. Rows of series without a forecast of demand are passed over.
   * @param quantity of the rows
   * @param batch with the columns of the quantity, named as in memory or as on disk
   */
  add(quantity: Exclude<QuantityName, 'demand'>, batch: Batch): void {
    const series = this.#order.find(batch);
    switch (quantity) {
      case 'return-rate':
        return this.#addRates(batch, series);
      case 'return-time':
        return this.#addLags(batch, series);
      case 'fulfillment-cost':
        this.#copy(batch, series, 'shippingCost', this.shippingCost, Infinity);
        return this.#copy(batch, series, 'returnCost', this.returnCost, Infinity);
      case 'residual-value':
        return this.#copy(batch, series, 'residualValue', this.residual, Infinity);
    }
  }

  #addRates(batch: Batch, series: Int32Array): void {
    const L = this.#discounts.length;
    const { discounts, names } = rateColumns(batch);
    const rates = (names.length > 0 ? names : [columnName(batch, 'returnRate') ?? 'returnRate']).map((name) =>
      this.#checked(batch, series, name, 1),
    );
    const knots = new Float64Array(rates.length);
    for (let row = 0; row < series.length; row++) {
      const n = series[row]!;
      if (n === -1) continue;
      rates.forEach((rate, k) => (knots[k] = rate[row]!));
      for (let l = 0; l < L; l++)
        this.returnRate[n * L + l] =
          names.length > 1 ? interpolate(discounts, knots, this.#discounts[l]!) : knots[0]!;
    }
  }

  #addLags(batch: Batch, series: Int32Array): void {
    const lag = batch.numbers('lag').values;
    const share = this.#checked(batch, series, 'share', 1);
    for (let row = 0; row < series.length; row++)
      if (series[row] !== -1)
        this.returnLag[series[row]! * LAGS + Math.min(LAGS - 1, lag[row]!)]! += share[row]!;
  }

  #copy(batch: Batch, series: Int32Array, name: string, into: Float64Array, most: number): void {
    const values = this.#checked(batch, series, columnName(batch, name) ?? name, most);
    for (let row = 0; row < series.length; row++) if (series[row] !== -1) into[series[row]!] = values[row]!;
  }

  /** Numbers of a column, from 0 to the most. */
  #checked(batch: Batch, series: Int32Array, name: string, most: number): Float64Array {
    const values = batch.floats(name);
    values.forEach((value, row) => {
      if ((value >= 0 && value <= most) || series[row] === -1) return;
      const range = most === Infinity ? 'from 0' : `from 0 to ${most}`;
      this.#bad.addSeries(series[row]!, `a forecast of ${name} of ${value}, not ${range},`);
    });
    return values;
  }
}
