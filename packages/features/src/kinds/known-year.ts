import { FeatureSet } from '../feature-set/feature-set.ts';

/** Weeks in which every week of the year is known twice: of fewer, a model learns weeks by heart and takes them for the season. */
const KNOWN_YEAR_WEEKS = 104;

/**
 * Leaves the waves of the year out where there is too little of it: forecasts of weeks of the year that were never seen, or once,
 * would be anything.
 * @param features of weeks ahead
 * @param weeks from the first known one to the last
 * @returns the features that can be learnt from so many weeks
 */
export function knownYear(features: FeatureSet, weeks: number): FeatureSet {
  if (weeks >= KNOWN_YEAR_WEEKS) return features;
  return new FeatureSet(features.features.filter(({ definition }) => definition.kind !== 'yearWave'));
}
