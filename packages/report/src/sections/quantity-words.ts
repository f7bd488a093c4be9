import type { QuantityName } from '@hemline/core';

/** How a quantity is spoken of. */
export interface QuantityWords {
  readonly title: string;
  readonly metric: string;
  readonly metricTitle: string;
  readonly metricNote: string;
  /** Whether the metric is told in percent. */
  readonly isPercent: boolean;
  /** Null where it cannot be anything but 0. */
  readonly bias: string | null;
  readonly biasTitle: string;
}

const WAPE = {
  metric: 'wape',
  metricTitle: 'absolute error (% of what was observed)',
  isPercent: true,
  metricNote: 'sum of absolute errors, weighted by units; lower is better',
  bias: 'bias',
  biasTitle: 'bias (% of what was observed)',
};

/** What the metrics of each quantity are called in titles and on axes. */
export const WORDS: Readonly<Record<QuantityName, QuantityWords>> = {
  demand: {
    title: 'Demand',
    metric: 'demandError',
    metricTitle: 'demand error (ratio, lower is better)',
    isPercent: false,
    metricNote: 'root of squared errors, weighted by black price; forecasting nothing scores 1',
    bias: 'demandBias',
    biasTitle: 'demand bias (% of what was observed)',
  },
  'return-rate': { title: 'Return rate', ...WAPE },
  // Shares of all lags add up to 1, forecast and observed.
  'return-time': { title: 'Return time', ...WAPE, bias: null },
  'fulfillment-cost': { title: 'Fulfilment cost', ...WAPE },
  'residual-value': { title: 'Residual value', ...WAPE },
};

/** The order in which quantities are told. */
export const QUANTITY_ORDER = Object.keys(WORDS) as QuantityName[];
