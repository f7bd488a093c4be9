import { rollingSum } from '../kernels/rolling-sum.ts';
import type { AsOfKernel } from '../kernels/as-of-kernel.ts';
import { past, type Covariate } from './covariate.ts';
import type { PastFeature } from './feature.ts';
import { fromCutoff, wholeNumber, type LagOptions } from './parameters.ts';

/** Which columns tell stock and what leaves it. */
export interface StockOptions extends LagOptions {
  /** Units in stock at the start of a week; the role `stock` by default. */
  readonly stock?: Covariate;
  /** Units that left in a week; the role `demand` by default. */
  readonly sales?: Covariate;
}

/** Of the weeks that the stock will last. */
export interface CoverOptions extends StockOptions {
  /** Weeks over which the pace of sales is taken, 4 by default. */
  readonly window?: number;
  /** The most that is told, also where nothing is sold; 104 by default. */
  readonly limit?: number;
}

/** Stock of this week less what last week left: what came in. Returns and corrections may make it negative: then 0. */
const uplift: AsOfKernel = ([stock, sales], from, to, _phase, out, at) => {
  if (from < to) out[at] = NaN;
  for (let row = from + 1; row < to; row++) {
    const came = stock![row]! - (stock![row - 1]! - sales![row - 1]!);
    out[at + row - from] = came < 0 ? 0 : came;
  }
};

/**
 * Units that came into stock.
 * @param options columns, lag
 * @returns the feature, such as `stock_uplift_lag1`
 */
export function stockUplift(options: StockOptions = {}): PastFeature {
  const { stock = past('stock'), sales = past('demand') } = options;
  const lag = wholeNumber('stockUplift', 'lag', options.lag ?? 1, 1);
  return {
    looks: 'back',
    name: `${stock.column}_uplift_lag${lag}`,
    definition: { kind: 'stockUplift', stock, sales, lag },
    reads: [stock, sales],
    history: 2,
    kernel: () => uplift,
    shift: fromCutoff(lag),
  };
}

/**
 * Weeks for which the stock lasts at the pace of the last weeks.
 * @param options columns, window, lag, limit
 * @returns the feature, such as `stock_weeks_of_cover_lag1_window4`
 */
export function weeksOfCover(options: CoverOptions = {}): PastFeature {
  const { stock = past('stock'), sales = past('demand') } = options;
  const lag = wholeNumber('weeksOfCover', 'lag', options.lag ?? 1, 1);
  const window = wholeNumber('weeksOfCover', 'window', options.window ?? 4, 1);
  const limit = wholeNumber('weeksOfCover', 'limit', options.limit ?? 104, 1);
  return {
    looks: 'back',
    name: `${stock.column}_weeks_of_cover_lag${lag}_window${window}${limit === 104 ? '' : `_limit${limit}`}`,
    definition: { kind: 'weeksOfCover', stock, sales, lag, window, limit },
    reads: [stock, sales],
    history: window,
    kernel: () => cover(window, limit),
    shift: fromCutoff(lag),
  };
}

function cover(window: number, limit: number): AsOfKernel {
  const pace = rollingSum('mean', window, 1);
  return ([stock, sales], from, to, phase, out, at) => {
    pace([sales!], from, to, phase, out, at);
    for (let row = from; row < to; row++) {
      const left = stock![row]!;
      const weekly = out[at + row - from]!;
      // A stock of nothing lasts no week, also where nothing is sold.
      const weeks = left === 0 ? 0 : left / weekly;
      out[at + row - from] = weekly !== weekly ? NaN : weeks > limit ? limit : weeks;
    }
  };
}
