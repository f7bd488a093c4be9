import { z } from 'zod';
import type { FutureCovariate } from './covariate.ts';
import type { PlannedFeature } from './feature.ts';
import { BY_OPTION, kindOptions, readOptions, type OptionsOf } from './options.ts';

const WEEKS = { weeks: z.int().min(1).default(1).describe('how many weeks before') };

/** Options of `current`. */
export const CURRENT = kindOptions('current', 'planned', {});

/** Options of `change`. */
export const CHANGE = kindOptions('change', 'planned', WEEKS);

/** Options of `earlier`. */
export const EARLIER = kindOptions('earlier', 'planned', WEEKS);

/** Options of `ofOthers`. */
export const OF_OTHERS = kindOptions('ofOthers', 'planned', { by: BY_OPTION });

/** Options of `lessGroup`. */
export const LESS_GROUP = kindOptions('lessGroup', 'planned', { by: BY_OPTION });

/** Options of `weeksSinceLaunch`. */
export const WEEKS_SINCE_LAUNCH = kindOptions('weeksSinceLaunch', null, {});

/** Options of `weeksToSeasonEnd`. */
export const WEEKS_TO_SEASON_END = kindOptions('weeksToSeasonEnd', null, {});

/**
 * The value of the week itself: of what is planned ahead alone.
 * @param of which covariate
 * @returns the feature, named as the covariate
 */
export function current(of: FutureCovariate): PlannedFeature {
  readOptions(CURRENT, {}, of);
  return {
    looks: 'at the week',
    name: of.column,
    definition: { kind: 'current', of },
    reads: [of],
    attributes: [],
    groups: [],
    fill({ from, to, planned }, out) {
      const values = planned(of);
      for (let row = from; row < to; row++) out[row] = values[row]!;
    },
  };
}

/**
 * How much the week's value differs from that of an earlier week.
 * @param of which covariate
 * @param options `weeks` before, 1 by default
 * @returns the feature, such as `discount_change1`
 */
export function change(of: FutureCovariate, options: OptionsOf<typeof CHANGE> = {}): PlannedFeature {
  const { weeks } = readOptions(CHANGE, options, of);
  return {
    looks: 'at the week',
    name: `${of.column}_change${weeks}`,
    definition: { kind: 'change', of, weeks },
    reads: [of],
    attributes: [],
    groups: [],
    fill({ from, to, planned }, out) {
      const values = planned(of);
      const first = Math.min(from + weeks, to);
      out.fill(NaN, from, first);
      for (let row = first; row < to; row++) out[row] = values[row]! - values[row - weeks]!;
    },
  };
}

/**
 * The value of an earlier week, known or planned: what a promotion leaves behind.
 * @param of which covariate
 * @param options `weeks` before, 1 by default
 * @returns the feature, such as `discount_before1`
 */
export function earlier(of: FutureCovariate, options: OptionsOf<typeof EARLIER> = {}): PlannedFeature {
  const { weeks } = readOptions(EARLIER, options, of);
  return {
    looks: 'at the week',
    name: `${of.column}_before${weeks}`,
    definition: { kind: 'earlier', of, weeks },
    reads: [of],
    attributes: [],
    groups: [],
    fill({ from, to, planned }, out) {
      const values = planned(of);
      out.fill(NaN, from, Math.min(from + weeks, to));
      for (let row = from + weeks; row < to; row++) out[row] = values[row - weeks]!;
    },
  };
}

/**
 * The mean of the week over the other series of the group: what shoppers can buy instead. The series' own value is not in it,
 * so that it does not move with what is decided for the series itself.
 * @param of which covariate
 * @param options attributes that make the group
 * @returns the feature, such as `discount_of_others_group_market`; NaN where no other series has a value
 */
export function ofOthers(of: FutureCovariate, options: OptionsOf<typeof OF_OTHERS>): PlannedFeature {
  const { by } = readOptions(OF_OTHERS, options, of);
  return {
    looks: 'at the week',
    name: `${of.column}_of_others_${by.join('_')}`,
    definition: { kind: 'ofOthers', of, by },
    reads: [of],
    attributes: [],
    groups: [{ of, by }],
    fill({ from, to, planned, plannedSums }, out) {
      const values = planned(of);
      const { sums, counts, at } = plannedSums(of, by);
      for (let row = from; row < to; row++) {
        const entry = at + row - from;
        const own = Number.isNaN(values[row]!) ? 0 : 1;
        const others = counts[entry]! - own;
        out[row] = others === 0 ? NaN : (sums[entry]! - (own === 0 ? 0 : values[row]!)) / others;
      }
    },
  };
}

/**
 * How much the week's value differs from the mean over all series of its group in that week.
 * @param of which covariate
 * @param options attributes that make the group
 * @returns the feature, such as `discount_less_group_market`
 */
export function lessGroup(of: FutureCovariate, options: OptionsOf<typeof LESS_GROUP>): PlannedFeature {
  const { by } = readOptions(LESS_GROUP, options, of);
  return {
    looks: 'at the week',
    name: `${of.column}_less_${by.join('_')}`,
    definition: { kind: 'lessGroup', of, by },
    reads: [of],
    attributes: [],
    groups: [{ of, by }],
    fill({ from, to, planned, plannedMean }, out) {
      const values = planned(of);
      const { means, at } = plannedMean(of, by);
      for (let row = from; row < to; row++) out[row] = values[row]! - means[at + row - from]!;
    },
  };
}

/**
 * Weeks since the article was launched, by the attribute `launchWeek`; negative before.
 * @returns the feature
 */
export function weeksSinceLaunch(): PlannedFeature {
  return ofDate('weeksSinceLaunch', 'weeks_since_launch', 'launchWeek', 1);
}

/**
 * Weeks to the last week of the season, by the attribute `seasonEndWeek`; negative after it.
 * @returns the feature
 */
export function weeksToSeasonEnd(): PlannedFeature {
  return ofDate('weeksToSeasonEnd', 'weeks_to_season_end', 'seasonEndWeek', -1);
}

function ofDate(kind: string, name: string, attribute: string, sign: 1 | -1): PlannedFeature {
  return {
    looks: 'at the week',
    name,
    definition: { kind },
    reads: [],
    attributes: [attribute],
    groups: [],
    fill({ from, to, week, date }, out) {
      const first = (sign * (week - date(attribute))) / 7;
      for (let row = from; row < to; row++) out[row] = first + sign * (row - from);
    },
  };
}
