import { rollingSum } from '../kernels/rolling-sum.ts';
import type { AsOfKernel } from '../kernels/as-of-kernel.ts';
import { z } from 'zod';
import type { PastFeature } from './feature.ts';
import { covariateOption, kindOptions, LAG_OPTION, readOptions, type OptionsOf } from './options.ts';
import { fromCutoff } from './shift.ts';

const COLUMNS = {
  stock: covariateOption('stock', 'units in stock at the start of a week'),
  sales: covariateOption('demand', 'units that left in a week'),
};

/** Options of `stockUplift`. */
export const STOCK_UPLIFT = kindOptions('stockUplift', null, { ...COLUMNS, lag: LAG_OPTION });

/** Options of `weeksOfCover`. */
export const WEEKS_OF_COVER = kindOptions('weeksOfCover', null, {
  ...COLUMNS,
  window: z.int().min(1).default(4).describe('weeks over which the pace of sales is taken'),
  limit: z.int().min(1).default(104).describe('the most weeks that are told, also where nothing is sold'),
  lag: LAG_OPTION,
});

/** Which columns tell stock and what leaves it. */
export type StockOptions = OptionsOf<typeof STOCK_UPLIFT>;

/** Of the weeks that the stock will last. */
export type CoverOptions = OptionsOf<typeof WEEKS_OF_COVER>;

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
  const { stock, sales, lag } = readOptions(STOCK_UPLIFT, options);
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
  const { stock, sales, lag, window, limit } = readOptions(WEEKS_OF_COVER, options);
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
