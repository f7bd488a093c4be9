import { z } from 'zod';
import { rollingDeviation } from '../kernels/rolling-deviation.ts';
import { rollingExtreme } from '../kernels/rolling-extreme.ts';
import { rollingQuantile } from '../kernels/rolling-quantile.ts';
import { rollingSum } from '../kernels/rolling-sum.ts';
import type { AsOfKernel } from '../kernels/as-of-kernel.ts';
import { minSamplesOption, noSense } from './options.ts';

/** What a window can be summed up to. `quantile` needs `quantile`; `zeroShare` is the share of weeks with the value 0. */
export type WindowStatistic = 'mean' | 'sum' | 'std' | 'min' | 'max' | 'quantile' | 'zeroShare';

/** Which statistic of a window: options of all kinds that have windows. */
export const STATISTIC_OPTIONS = {
  statistic: z
    .enum(['mean', 'sum', 'std', 'min', 'max', 'quantile', 'zeroShare'])
    .describe(
      'of the values in the window; `zeroShare` is the share of weeks with the value 0, `std` needs two values',
    ),
  quantile: z.number().min(0).max(1).optional().describe('which one, where the statistic is `quantile`'),
  minSamples: minSamplesOption(),
};

/** Which statistic of a window. */
export type StatisticOptions = Readonly<z.input<z.ZodObject<typeof STATISTIC_OPTIONS>>>;

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
      if (window < 2)
        throw noSense(feature, {
          expected: 'window: a whole number of at least 2, since the statistic is std',
          found: `window: ${window}`,
        });
      return () => rollingDeviation(window, minSamples);
    case 'min':
    case 'max':
      return () => rollingExtreme(statistic, window, minSamples);
    case 'quantile':
      if (quantile === undefined)
        throw noSense(feature, {
          expected: 'quantile: a number of at least 0, at most 1, since the statistic is quantile',
          found: 'no quantile',
        });
      return () => rollingQuantile(quantile, window, minSamples);
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
