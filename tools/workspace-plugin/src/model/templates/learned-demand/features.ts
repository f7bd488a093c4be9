import type { PanelData } from '@hemline/core';
import {
  current,
  exponential,
  FeatureSet,
  future,
  groupRolling,
  lag,
  past,
  rolling,
  seasonal,
  trend,
  weeksSince,
  weeksSinceLaunch,
  weeksToSeasonEnd,
  yearWaves,
  type Feature,
} from '@hemline/features';

/** What the model knows of a series and week, by the part it plays. */
export interface DemandFeatures {
  /** Units of an ordinary week, the first of them that is known: what is learnt is how demand differs from it. */
  readonly levels: readonly Feature[];
  /** Units of demand: told relative to the level, so that what is learnt of one series holds for others. */
  readonly relative: readonly Feature[];
  /** All others: told as they are. */
  readonly absolute: readonly Feature[];
}

const demand = past('demand');
const discount = past('discount');

/**
 * Chooses the features by what a dataset has: THE place to change what the model knows. Every kind there is: the README of
 * @hemline/features. The discount of the week itself is none of them: the model always knows it, and demand rises with it.
 * @param data what the dataset has
 * @returns the features
 */
export function chooseFeatures({ weekly, knownAhead, attributes, partitionedBy }: PanelData): DemandFeatures {
  const by = [...(attributes.includes('group') ? ['group'] : []), 'market'];
  // A partition is forecast alone: groups that are spread over several cannot be summed up.
  const hasGroups = partitionedBy === null || partitionedBy.every((key) => by.includes(key));
  const ofGroups = hasGroups ? [groupRolling(demand, { statistic: 'mean', by, window: 13 })] : [];
  const planned = weekly.fields.filter(
    ({ name, type }) =>
      knownAhead.includes(name) &&
      !['discount', 'blackPrice'].includes(name) &&
      ['float64', 'float32', 'int32', 'bool'].includes(type),
  );
  return {
    levels: [exponential(demand, { halfLife: 6 }), ...ofGroups],
    relative: [
      lag(demand),
      lag(demand, { lag: 2 }),
      ...[4, 13, 26].map((window) => rolling(demand, { statistic: 'mean', window })),
      rolling(demand, { statistic: 'max', window: 26 }),
      rolling(demand, { statistic: 'std', window: 13 }),
      seasonal(demand, { statistic: 'mean', window: 1 }),
      trend(demand, { window: 8 }),
      ...(hasGroups ? [groupRolling(demand, { statistic: 'mean', by, window: 4 })] : []),
    ],
    absolute: [
      rolling(demand, { statistic: 'zeroShare', window: 13 }),
      weeksSince(demand),
      // Demand of the level was at these discounts.
      lag(discount),
      rolling(discount, { statistic: 'mean', window: 4 }),
      rolling(discount, { statistic: 'mean', window: 13 }),
      ...yearWaves(2),
      ...(attributes.includes('launchWeek') ? [weeksSinceLaunch()] : []),
      ...(attributes.includes('seasonEndWeek') ? [weeksToSeasonEnd()] : []),
      // Whatever the owner of the data declared to be planned ahead.
      ...planned.map(({ name }) => current(future(name))),
    ],
  };
}

/**
 * @param data what the dataset has
 * @returns the features as one set, as the step `features` writes them
 */
export function featureSet(data: PanelData): FeatureSet {
  const { levels, relative, absolute } = chooseFeatures(data);
  return new FeatureSet([...levels, ...relative, ...absolute]);
}
