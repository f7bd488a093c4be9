import { ConfigurationError } from '@hemline/core';
import { rollingSum } from '../kernels/rolling-sum.ts';
import type { AsOfKernel } from '../kernels/as-of-kernel.ts';
import { past, type Covariate } from './covariate.ts';
import type { GroupFeature } from './feature.ts';
import { fromCutoff, numberWithin, wholeNumber, type LagOptions } from './parameters.ts';

/** Which series make a group. */
export interface GroupOptions extends LagOptions {
  /** Attributes of the series: `group`, `brand`, `season`, `market`, a static covariate … */
  readonly by: readonly string[];
}

/** Of a window over all series of a group. */
export interface GroupRollingOptions extends GroupOptions {
  readonly statistic: 'mean' | 'sum' | 'zeroShare';
  /** Weeks; all so far by default. */
  readonly window?: number;
  /** Values that the group must have in the window; 1 by default. */
  readonly minSamples?: number;
}

/** Of a target encoding. */
export interface TargetEncodingOptions extends GroupOptions {
  /** How many values the mean of all series is worth beside the group's own; 20 by default. */
  readonly strength?: number;
}

/**
 * A statistic of all series of a group together, in the weeks up to `lag` weeks before: every observed value weighs the same.
 * @param of which covariate
 * @param options grouping, statistic, window, lag
 * @returns the feature, such as `demand_by_group_market_mean_lag1_window4`
 */
export function groupRolling(of: Covariate, options: GroupRollingOptions): GroupFeature {
  const lag = wholeNumber('groupRolling', 'lag', options.lag ?? 1, 1);
  const window =
    options.window === undefined ? Infinity : wholeNumber('groupRolling', 'window', options.window, 1);
  const minSamples = wholeNumber('groupRolling', 'minSamples', options.minSamples ?? 1, 1);
  const { statistic } = options;
  if (!['mean', 'sum', 'zeroShare'].includes(statistic)) {
    throw new ConfigurationError('there is no such statistic of groups', {
      expected: 'mean, sum or zeroShare',
      found: String(statistic),
    });
  }
  const name = statistic === 'zeroShare' ? 'zero_share' : statistic;
  const span = Number.isFinite(window) ? `_window${window}` : '';
  const samples = minSamples === 1 ? '' : `_min${minSamples}`;
  return {
    looks: 'back at groups',
    name: `${of.column}_by_${grouping(options)}_${name}_lag${lag}${span}${samples}`,
    definition: { kind: 'groupRolling', of, ...options, lag },
    by: options.by,
    of,
    kernel: () => pooled(statistic, window, minSamples),
    before: NaN,
    shift: fromCutoff(lag),
  };
}

/**
 * Target encoding: the mean of a category so far, shrunk to the mean of all series so far; a category that is new has that.
 * No week sees itself or a later one (Micci-Barreca 2001, as of each week).
 * @param of which covariate
 * @param options the category, strength, lag
 * @returns the feature, such as `demand_by_brand_target_lag1_strength20`
 */
export function targetEncoding(of: Covariate, options: TargetEncodingOptions): GroupFeature {
  const lag = wholeNumber('targetEncoding', 'lag', options.lag ?? 1, 1);
  const strength = numberWithin('targetEncoding', 'strength', options.strength ?? 20, 0, 1e9);
  return {
    looks: 'back at groups',
    name: `${of.column}_by_${grouping(options)}_target_lag${lag}_strength${strength}`,
    definition: { kind: 'targetEncoding', of, ...options, lag, strength },
    by: options.by,
    of,
    kernel: () => shrunk(strength),
    before: NaN,
    shift: fromCutoff(lag),
  };
}

/**
 * Count encoding: how many observed weeks, of all its series together, a category has so far.
 * @param options the category, lag; `of`, the covariate whose values are counted, is `demand` by default
 * @returns the feature, such as `demand_by_brand_count_lag1`
 */
export function countEncoding(options: GroupOptions & { readonly of?: Covariate }): GroupFeature {
  const { of = past('demand'), by } = options;
  const lag = wholeNumber('countEncoding', 'lag', options.lag ?? 1, 1);
  return {
    looks: 'back at groups',
    name: `${of.column}_by_${grouping(options)}_count_lag${lag}`,
    definition: { kind: 'countEncoding', of, by, lag },
    by,
    of,
    kernel: () => {
      const total = rollingSum('sum', Infinity, 0);
      return ([, count], from, to, phase, out, at) => total([count!], from, to, phase, out, at);
    },
    before: 0,
    shift: fromCutoff(lag),
  };
}

function grouping({ by }: GroupOptions): string {
  if (by.length > 0 && new Set(by).size === by.length) return by.join('_');
  throw new ConfigurationError('a feature of groups does not say which', {
    expected: 'by: at least one attribute, each once',
    found: JSON.stringify(by),
    remedy: "Name what makes the group, such as by: ['group', 'market'].",
  });
}

function pooled(statistic: GroupRollingOptions['statistic'], window: number, minSamples: number): AsOfKernel {
  const total = rollingSum('sum', window, 0);
  let counts = new Float64Array(64);
  return ([sum, count, zeros], from, to, phase, out, at) => {
    if (counts.length < to - from) counts = new Float64Array(2 * (to - from));
    total([statistic === 'zeroShare' ? zeros! : sum!], from, to, phase, out, at);
    total([count!], from, to, phase, counts, 0);
    for (let row = 0; row < to - from; row++) {
      const samples = counts[row]!;
      if (samples < minSamples) out[at + row] = NaN;
      else if (statistic !== 'sum') out[at + row]! /= samples;
    }
  };
}

function shrunk(strength: number): AsOfKernel {
  return ([sum, count, , allSum, allCount], from, to, _phase, out, at) => {
    let [own, samples, all, allSamples] = [0, 0, 0, 0];
    for (let row = from; row < to; row++) {
      own += sum![row]!;
      samples += count![row]!;
      // Those of all series together begin at the first week of the grid.
      all += allSum![row - from]!;
      allSamples += allCount![row - from]!;
      out[at + row - from] = (own + (strength * all) / allSamples) / (samples + strength);
    }
  };
}
