import { exponentialMean } from '../kernels/exponential-mean.ts';
import { rollingTrend } from '../kernels/rolling-trend.ts';
import { weeksSince as weeksSinceKernel } from '../kernels/weeks-since.ts';
import type { Covariate } from './covariate.ts';
import type { PastFeature } from './feature.ts';
import { fromCutoff, numberWithin, wholeNumber, type LagOptions } from './parameters.ts';

/** Of an exponentially weighted mean. */
export interface ExponentialOptions extends LagOptions {
  /** Weeks after which a value weighs half: alpha = 1 − 2^(−1 / halfLife). */
  readonly halfLife: number;
  /** Values that there must be; 1 by default. */
  readonly minSamples?: number;
}

/** Of a trend. */
export interface TrendOptions extends LagOptions {
  /** Weeks. */
  readonly window: number;
  /** Values that a window must hold; 2 by default. */
  readonly minSamples?: number;
}

/** Of the weeks since something happened. */
export interface WeeksSinceOptions extends LagOptions {
  /** The most that is told, 52 by default. */
  readonly limit?: number;
}

/**
 * The exponentially weighted mean of all weeks so far.
 * @param of which covariate
 * @param options half-life in weeks, lag, least number of values
 * @returns the feature, such as `demand_exponential_mean_lag1_half_life4`
 */
export function exponential(of: Covariate, options: ExponentialOptions): PastFeature {
  const halfLife = numberWithin('exponential', 'halfLife', options.halfLife, 0, 10_000);
  const lag = wholeNumber('exponential', 'lag', options.lag ?? 1, 1);
  const minSamples = wholeNumber('exponential', 'minSamples', options.minSamples ?? 1, 1);
  const samples = minSamples === 1 ? '' : `_min${minSamples}`;
  return {
    looks: 'back',
    name: `${of.column}_exponential_mean_lag${lag}_half_life${halfLife}${samples}`,
    definition: { kind: 'exponential', of, ...options, lag },
    reads: [of],
    history: Infinity,
    kernel: () => exponentialMean(1 - 2 ** (-1 / halfLife), minSamples),
    shift: fromCutoff(lag),
  };
}

/**
 * The slope of the line through the last weeks, a week.
 * @param of which covariate
 * @param options window, lag, least number of values
 * @returns the feature, such as `demand_trend_lag1_window13`
 */
export function trend(of: Covariate, options: TrendOptions): PastFeature {
  const window = wholeNumber('trend', 'window', options.window, 2);
  const lag = wholeNumber('trend', 'lag', options.lag ?? 1, 1);
  const minSamples = wholeNumber('trend', 'minSamples', options.minSamples ?? 2, 2);
  const samples = minSamples === 2 ? '' : `_min${minSamples}`;
  return {
    looks: 'back',
    name: `${of.column}_trend_lag${lag}_window${window}${samples}`,
    definition: { kind: 'trend', of, ...options, lag },
    reads: [of],
    history: window,
    kernel: () => rollingTrend(window, minSamples),
    shift: fromCutoff(lag),
  };
}

/**
 * Weeks since the value was last above zero, as of `lag` weeks before: `weeksSince(past('demand'))` is the time since the
 * last sale. Missing where nothing was known.
 * @param of which covariate
 * @param options lag, limit
 * @returns the feature, such as `demand_weeks_since_lag1`
 */
export function weeksSince(of: Covariate, options: WeeksSinceOptions = {}): PastFeature {
  const limit = wholeNumber('weeksSince', 'limit', options.limit ?? 52, 1);
  const lag = wholeNumber('weeksSince', 'lag', options.lag ?? 1, 1);
  return {
    looks: 'back',
    name: `${of.column}_weeks_since_lag${lag}${limit === 52 ? '' : `_limit${limit}`}`,
    definition: { kind: 'weeksSince', of, lag, limit },
    reads: [of],
    history: Infinity,
    kernel: () => weeksSinceKernel(limit),
    shift: fromCutoff(lag),
  };
}
