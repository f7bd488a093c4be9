import { ConfigurationError } from '@hemline/core';
import { rollingDeviation } from '../kernels/rolling-deviation.ts';
import { rollingExtreme } from '../kernels/rolling-extreme.ts';
import { rollingQuantile } from '../kernels/rolling-quantile.ts';
import { rollingSum } from '../kernels/rolling-sum.ts';
import type { AsOfKernel } from '../kernels/as-of-kernel.ts';
import { numberWithin, wholeNumber } from './parameters.ts';

/** What a window can be summed up to. `quantile` needs `quantile`; `zeroShare` is the share of weeks with the value 0. */
export type WindowStatistic = 'mean' | 'sum' | 'std' | 'min' | 'max' | 'quantile' | 'zeroShare';

/** Which statistic of a window. */
export interface StatisticOptions {
  readonly statistic: WindowStatistic;
  /** 0 … 1, for `quantile`. */
  readonly quantile?: number;
  /** Values that a window must hold, else the feature is missing; 1 by default (`std` needs 2 in any case). */
  readonly minSamples?: number;
}

/**
 * @param feature kind, for messages
 * @param options which statistic
 * @param window weeks, Infinity for all so far
 * @returns a maker of kernels
 * @throws ConfigurationError for parameters that make no sense
 */
export function windowKernel(feature: string, options: StatisticOptions, window: number): () => AsOfKernel {
  const { statistic, quantile, minSamples = 1 } = options;
  switch (statistic) {
    case 'mean':
    case 'sum':
    case 'zeroShare':
      return () => rollingSum(statistic, window, minSamples);
    case 'std':
      wholeNumber(feature, 'window', Number.isFinite(window) ? window : 2, 2);
      return () => rollingDeviation(window, minSamples);
    case 'min':
    case 'max':
      return () => rollingExtreme(statistic, window, minSamples);
    case 'quantile': {
      const level = numberWithin(feature, 'quantile', quantile ?? NaN, -Number.MIN_VALUE, 1);
      return () => rollingQuantile(level, window, minSamples);
    }
    default:
      throw new ConfigurationError('there is no such statistic', {
        expected: 'mean, sum, std, min, max, quantile or zeroShare',
        found: String(statistic),
        where: { column: feature },
      });
  }
}

/**
 * The part of a feature's name that tells the statistic.
 * @param options which statistic
 * @returns such as `mean`, `zero_share` or `quantile0.9`
 */
export function statisticName({ statistic, quantile }: StatisticOptions): string {
  if (statistic === 'quantile') return `quantile${quantile}`;
  return statistic === 'zeroShare' ? 'zero_share' : statistic;
}

/**
 * The end of a feature's name.
 * @param options which statistic
 * @returns `_min4` where a number of samples is asked for
 */
export function samplesName({ minSamples = 1 }: StatisticOptions): string {
  return minSamples === 1 ? '' : `_min${minSamples}`;
}
