import { seasonal as seasonalKernel } from '../kernels/as-of-kernel.ts';
import type { Covariate } from './covariate.ts';
import type { PastFeature } from './feature.ts';
import { fromCutoff, fromSeason, wholeNumber, type LagOptions } from './parameters.ts';
import { samplesName, statisticName, windowKernel, type StatisticOptions } from './window-statistic.ts';

/** Of a window that ends `lag` weeks before. */
export interface RollingOptions extends StatisticOptions, LagOptions {
  /** Weeks. */
  readonly window: number;
}

/** Of all weeks up to `lag` weeks before. */
export interface ExpandingOptions extends StatisticOptions, LagOptions {}

/** Of the same week of earlier seasons. */
export interface SeasonalOptions extends StatisticOptions {
  /** How many seasons. */
  readonly window: number;
  /** Weeks of a season, 52 by default. */
  readonly seasonWeeks?: number;
}

/**
 * A statistic of the last weeks. Weeks without a value are left out of their window.
 * @param of which covariate
 * @param options statistic, window, lag, least number of values
 * @returns the feature, such as `demand_rolling_mean_lag1_window4`
 */
export function rolling(of: Covariate, options: RollingOptions): PastFeature {
  const window = wholeNumber('rolling', 'window', options.window, 1);
  const lag = wholeNumber('rolling', 'lag', options.lag ?? 1, 1);
  wholeNumber('rolling', 'minSamples', options.minSamples ?? 1, 1);
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
  const lag = wholeNumber('expanding', 'lag', options.lag ?? 1, 1);
  wholeNumber('expanding', 'minSamples', options.minSamples ?? 1, 1);
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
  const window = wholeNumber('seasonal', 'window', options.window, 1);
  const weeks = wholeNumber('seasonal', 'seasonWeeks', options.seasonWeeks ?? 52, 2);
  wholeNumber('seasonal', 'minSamples', options.minSamples ?? 1, 1);
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
