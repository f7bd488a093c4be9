import { z } from 'zod';
import { rollingSum } from '../kernels/rolling-sum.ts';
import type { AsOfKernel } from '../kernels/as-of-kernel.ts';
import type { Covariate } from './covariate.ts';
import type { GroupFeature } from './feature.ts';
import {
  BY_OPTION,
  covariateOption,
  kindOptions,
  LAG_OPTION,
  minSamplesOption,
  readOptions,
  type OptionsOf,
} from './options.ts';
import { fromCutoff } from './shift.ts';

/** Options of `groupRolling`. */
export const GROUP_ROLLING = kindOptions('groupRolling', 'any', {
  by: BY_OPTION,
  statistic: z.enum(['mean', 'sum', 'zeroShare']).describe('of all values of the group in the window'),
  window: z.int().min(1).optional().describe('weeks of the window; all so far unless given'),
  minSamples: minSamplesOption(),
  lag: LAG_OPTION,
});

/** Options of `targetEncoding`. */
export const TARGET_ENCODING = kindOptions('targetEncoding', 'any', {
  by: BY_OPTION,
  strength: z
    .number()
    .gt(0)
    .max(1e9)
    .default(20)
    .describe("how many values the mean of all series is worth beside the group's own"),
  lag: LAG_OPTION,
});

/** Options of `countEncoding`. */
export const COUNT_ENCODING = kindOptions('countEncoding', null, {
  by: BY_OPTION,
  of: covariateOption('demand', 'whose values are counted'),
  lag: LAG_OPTION,
});

/** Of a window over all series of a group. */
export type GroupRollingOptions = OptionsOf<typeof GROUP_ROLLING>;

/** Of a target encoding. */
export type TargetEncodingOptions = OptionsOf<typeof TARGET_ENCODING>;

/** Of a count encoding. */
export type CountEncodingOptions = OptionsOf<typeof COUNT_ENCODING>;

/**
 * A statistic of all series of a group together, in the weeks up to `lag` weeks before: every observed value weighs the same.
 * @param of which covariate
 * @param options grouping, statistic, window, lag
 * @returns the feature, such as `demand_by_group_market_mean_lag1_window4`
 */
export function groupRolling(of: Covariate, options: GroupRollingOptions): GroupFeature {
  const { by, statistic, window = Infinity, minSamples, lag } = readOptions(GROUP_ROLLING, options, of);
  const name = statistic === 'zeroShare' ? 'zero_share' : statistic;
  const span = Number.isFinite(window) ? `_window${window}` : '';
  const samples = minSamples === 1 ? '' : `_min${minSamples}`;
  return {
    looks: 'back at groups',
    name: `${of.column}_by_${by.join('_')}_${name}_lag${lag}${span}${samples}`,
    definition: { kind: 'groupRolling', of, ...options, lag },
    by,
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
  const { by, strength, lag } = readOptions(TARGET_ENCODING, options, of);
  return {
    looks: 'back at groups',
    name: `${of.column}_by_${by.join('_')}_target_lag${lag}_strength${strength}`,
    definition: { kind: 'targetEncoding', of, ...options, lag, strength },
    by,
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
export function countEncoding(options: CountEncodingOptions): GroupFeature {
  const { of, by, lag } = readOptions(COUNT_ENCODING, options);
  return {
    looks: 'back at groups',
    name: `${of.column}_by_${by.join('_')}_count_lag${lag}`,
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
