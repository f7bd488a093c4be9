import type { Week } from '@hemline/core';
import { FeatureSet } from '../feature-set/feature-set.ts';
import type { FilledPanel } from '../panel/filled-panel.ts';
import { WeekIndexes } from '../calendar/week-indexes.ts';
import { yearRepeats } from '../calendar/year-repeats.ts';

/** Weeks in which every week of the year is known twice: of fewer, a model learns weeks by heart and takes them for the season. */
const KNOWN_YEAR_WEEKS = 104;

/**
 * Leaves the waves of the year out where there is too little of it, or where it has not come again: forecasts of weeks of the year that
 * were never seen, or once, would be anything, and so would those of a year that was unlike the one before.
 * @param features of weeks ahead
 * @param panels with `demand` and, where there is any, `discount`; series with `group` where there are groups
 * @param until the last known week
 * @returns the features that can be learnt from these weeks
 */
export function knownYear(
  features: FeatureSet,
  panels: readonly Pick<FilledPanel, 'rows' | 'offsets' | 'weeks' | 'series'>[],
  until: Week,
): FeatureSet {
  const indexes = WeekIndexes.of(panels, until);
  if (indexes.weeks >= KNOWN_YEAR_WEEKS && yearRepeats(indexes)) return features;
  return new FeatureSet(features.features.filter(({ definition }) => definition.kind !== 'yearWave'));
}
