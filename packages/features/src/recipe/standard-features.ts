import type { PanelData } from '@hemline/core';
import { FeatureSet } from '../feature-set/feature-set.ts';
import { change, current, lessGroup, weeksSinceLaunch, weeksToSeasonEnd } from '../kinds/planned.ts';
import { exponential, trend, weeksSince } from '../kinds/recency.ts';
import { future, past } from '../kinds/covariate.ts';
import { groupRolling } from '../kinds/groups.ts';
import { lag } from '../kinds/lag.ts';
import { rolling, seasonal } from '../kinds/windows.ts';
import { stockUplift, weeksOfCover } from '../kinds/stock.ts';
import { yearWaves } from '../kinds/calendar.ts';
import type { Feature } from '../kinds/feature.ts';

/**
 * Features that suit most weekly demand, as far as the dataset has what they read: to look at data with, and to begin a model
 * with.
 * @param data what the dataset has
 * @returns the set
 */
export function standardFeatures({ weekly, knownAhead, attributes, partitionedBy }: PanelData): FeatureSet {
  const demand = past('demand');
  const has = (column: string): boolean => weekly.fields.some(({ name }) => name === column);
  const features: Feature[] = [
    ...[1, 2, 4].map((weeks) => lag(demand, { lag: weeks })),
    ...[4, 13, 26].map((window) => rolling(demand, { statistic: 'mean', window })),
    rolling(demand, { statistic: 'std', window: 13 }),
    rolling(demand, { statistic: 'max', window: 26 }),
    rolling(demand, { statistic: 'zeroShare', window: 13 }),
    seasonal(demand, { statistic: 'mean', window: 1 }),
    exponential(demand, { halfLife: 4 }),
    trend(demand, { window: 8 }),
    weeksSince(demand),
    ...yearWaves(2),
  ];
  // Every planned covariate, not only the roles: the owner declared them because they matter.
  const planned = weekly.fields.filter(
    ({ name, type }) =>
      knownAhead.includes(name) && !['string', 'date', 'timestamp', 'int64', 'decimal'].includes(type),
  );
  for (const { name } of planned) features.push(current(future(name)));
  if (knownAhead.includes('discount') && has('discount')) features.push(change(future('discount')));
  if (has('stock')) features.push(lag(past('stock')), stockUplift(), weeksOfCover());
  if (attributes.includes('launchWeek')) features.push(weeksSinceLaunch());
  if (attributes.includes('seasonEndWeek')) features.push(weeksToSeasonEnd());
  const by = [...(attributes.includes('group') ? ['group'] : []), 'market'];
  if (partitionedBy === null || partitionedBy.every((key) => by.includes(key))) {
    features.push(groupRolling(demand, { statistic: 'mean', by, window: 4 }));
    if (has('discount')) features.push(lessGroup(future('discount'), { by }));
  }
  return new FeatureSet(features);
}
