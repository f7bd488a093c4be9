import { seasonal as seasonalKernel } from '../kernels/as-of-kernel.ts';
import type { Covariate } from './covariate.ts';
import type { PastFeature } from './feature.ts';
import { z } from 'zod';
import { kindOptions, LAG_OPTION, readOptions, type OptionsOf } from './options.ts';
import { fromCutoff, fromSeason } from './shift.ts';
import { samplesName, STATISTIC_OPTIONS, statisticName, windowKernel } from './window-statistic.ts';

/** Options of `rolling`. */
export const ROLLING = kindOptions('rolling', 'any', {
  window: z.int().min(1).describe('weeks of the window'),
  ...STATISTIC_OPTIONS,
  lag: LAG_OPTION,
});

/** Options of `expanding`. */
export const EXPANDING = kindOptions('expanding', 'any', { ...STATISTIC_OPTIONS, lag: LAG_OPTION });

/** Options of `seasonal`. */
export const SEASONAL = kindOptions('seasonal', 'any', {
  window: z.int().min(1).describe('how many seasons'),
  ...STATISTIC_OPTIONS,
  seasonWeeks: z.int().min(2).default(52).describe('weeks of a season'),
});

/** Of a window that ends `lag` weeks before. */
export type RollingOptions = OptionsOf<typeof ROLLING>;

/** Of all weeks up to `lag` weeks before. */
export type ExpandingOptions = OptionsOf<typeof EXPANDING>;

/** Of the same week of earlier seasons. */
export type SeasonalOptions = OptionsOf<typeof SEASONAL>;

/**
 * A statistic of the last weeks. Weeks without a value are left out of their window.
 * @param of which covariate
 * @param options statistic, window, lag, least number of values
 * @returns the feature, such as `demand_rolling_mean_lag1_window4`
 */
export function rolling(of: Covariate, options: RollingOptions): PastFeature {
  const { window, lag } = readOptions(ROLLING, options, of);
  return {
    looks: 'back',
    name: `${of.column}_rolling_${statisticName(options)}_lag${lag}_window${window}${samplesName(options)}`,
    definition: { kind: 'rolling', of, ...options, lag },
    reads: [of],
    history: window,
    kernel: windowKernel('rolling', options, window),
    shift: fromCutoff(lag),
  };
}

/**
 * A statistic of all weeks so far.
 * @param of which covariate
 * @param options statistic, lag, least number of values
 * @returns the feature, such as `demand_expanding_max_lag1`
 */
export function expanding(of: Covariate, options: ExpandingOptions): PastFeature {
  const { lag } = readOptions(EXPANDING, options, of);
  return {
    looks: 'back',
    name: `${of.column}_expanding_${statisticName(options)}_lag${lag}${samplesName(options)}`,
    definition: { kind: 'expanding', of, ...options, lag },
    reads: [of],
    history: Infinity,
    kernel: windowKernel('expanding', options, Infinity),
    shift: fromCutoff(lag),
  };
}

/**
 * A statistic of the same week in earlier seasons, the newest of which is always known: for a lead time of more than one
 * season it is the season before last.
 * @param of which covariate
 * @param options statistic, seasons, weeks of a season
 * @returns the feature, such as `demand_seasonal_mean_season52_window2`
 */
export function seasonal(of: Covariate, options: SeasonalOptions): PastFeature {
  const { window, seasonWeeks: weeks } = readOptions(SEASONAL, options, of);
  const kernel = windowKernel('seasonal', options, window);
  return {
    looks: 'back',
    name: `${of.column}_seasonal_${statisticName(options)}_season${weeks}_window${window}${samplesName(options)}`,
    definition: { kind: 'seasonal', of, ...options, seasonWeeks: weeks },
    reads: [of],
    history: (window - 1) * weeks + 1,
    kernel: () => seasonalKernel(kernel(), weeks),
    shift: fromSeason(weeks),
  };
}
