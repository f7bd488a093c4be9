import { exponentialMean } from '../kernels/exponential-mean.ts';
import { rollingTrend } from '../kernels/rolling-trend.ts';
import { weeksSince as weeksSinceKernel } from '../kernels/weeks-since.ts';
import type { Covariate } from './covariate.ts';
import type { PastFeature } from './feature.ts';
import { z } from 'zod';
import { kindOptions, LAG_OPTION, minSamplesOption, readOptions, type OptionsOf } from './options.ts';
import { fromCutoff } from './shift.ts';

/** Options of `exponential`. */
export const EXPONENTIAL = kindOptions('exponential', 'any', {
  halfLife: z
    .number()
    .gt(0)
    .max(10_000)
    .describe('weeks after which a value weighs half: alpha = 1 − 2^(−1 / halfLife)'),
  minSamples: minSamplesOption(),
  lag: LAG_OPTION,
});

/** Options of `trend`. */
export const TREND = kindOptions('trend', 'any', {
  window: z.int().min(2).describe('weeks of the window'),
  minSamples: minSamplesOption(2),
  lag: LAG_OPTION,
});

/** Options of `weeksSince`. */
export const WEEKS_SINCE = kindOptions('weeksSince', 'any', {
  limit: z.int().min(1).default(52).describe('the most weeks that are told'),
  lag: LAG_OPTION,
});

/** Of an exponentially weighted mean. */
export type ExponentialOptions = OptionsOf<typeof EXPONENTIAL>;

/** Of a trend. */
export type TrendOptions = OptionsOf<typeof TREND>;

/** Of the weeks since something happened. */
export type WeeksSinceOptions = OptionsOf<typeof WEEKS_SINCE>;

/**
 * The exponentially weighted mean of all weeks so far.
 * @param of which covariate
 * @param options half-life in weeks, lag, least number of values
 * @returns the feature, such as `demand_exponential_mean_lag1_half_life4`
 */
export function exponential(of: Covariate, options: ExponentialOptions): PastFeature {
  const { halfLife, lag, minSamples } = readOptions(EXPONENTIAL, options, of);
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
  const { window, lag, minSamples } = readOptions(TREND, options, of);
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
  const { limit, lag } = readOptions(WEEKS_SINCE, options, of);
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
