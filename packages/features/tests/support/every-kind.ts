import {
  change,
  current,
  earlier,
  lessGroup,
  ofOthers,
  weeksSinceLaunch,
  weeksToSeasonEnd,
} from '../../src/kinds/planned.ts';
import { countEncoding, groupRolling, targetEncoding } from '../../src/kinds/groups.ts';
import { expanding, rolling, seasonal } from '../../src/kinds/windows.ts';
import { exponential, trend, weeksSince } from '../../src/kinds/recency.ts';
import { FEATURE_KINDS } from '../../src/kinds/parse-feature.ts';
import { future, past } from '../../src/kinds/covariate.ts';
import { holidays, saleEvent } from '../../src/kinds/holidays.ts';
import { lag } from '../../src/kinds/lag.ts';
import { stockUplift, weeksOfCover } from '../../src/kinds/stock.ts';
import { weekOfYear, yearWaves } from '../../src/kinds/calendar.ts';
import type { Feature } from '../../src/kinds/feature.ts';
import type { WindowStatistic } from '../../src/kinds/window-statistic.ts';

const demand = past('demand');
const discount = future('discount');
const STATISTICS: readonly WindowStatistic[] = ['mean', 'sum', 'std', 'min', 'max', 'quantile', 'zeroShare'];

/** At least one feature of every kind, every statistic in every window, several lags. */
export const EVERY_KIND: readonly Feature[] = [
  lag(demand),
  lag(demand, { lag: 4 }),
  lag(discount, { lag: 2 }),
  ...STATISTICS.flatMap((statistic) => [
    rolling(demand, { statistic, quantile: 0.8, window: 3 }),
    rolling(demand, { statistic, quantile: 0.8, window: 13, lag: 2, minSamples: 3 }),
    expanding(demand, { statistic, quantile: 0.25 }),
    seasonal(demand, { statistic, quantile: 0.5, window: 2, seasonWeeks: 5 }),
  ]),
  exponential(demand, { halfLife: 3 }),
  trend(demand, { window: 8 }),
  weeksSince(demand, { limit: 6 }),
  stockUplift({ lag: 2 }),
  weeksOfCover(),
  groupRolling(demand, { statistic: 'mean', by: ['group', 'market'], window: 4 }),
  groupRolling(demand, { statistic: 'sum', by: ['group'] }),
  groupRolling(demand, { statistic: 'zeroShare', by: ['market'], window: 2, lag: 3, minSamples: 2 }),
  targetEncoding(demand, { by: ['group'] }),
  countEncoding({ by: ['group', 'market'] }),
  current(discount),
  change(discount),
  earlier(discount),
  earlier(discount, { weeks: 3 }),
  ofOthers(discount, { by: ['group', 'market'] }),
  ofOthers(discount, { by: ['market'] }),
  lessGroup(discount, { by: ['group', 'market'] }),
  weeksSinceLaunch(),
  weeksToSeasonEnd(),
  weekOfYear(),
  ...yearWaves(2),
  holidays({ measure: 'count' }),
  holidays({ measure: 'to' }),
  saleEvent({ name: 'black_friday', measure: 'since' }),
  saleEvent({ name: 'opening', measure: 'to', dates: ['2022-03-05'] }),
];

/** Kinds that are not among {@link EVERY_KIND}. */
export const KINDS_LEFT_OUT: readonly string[] = FEATURE_KINDS.filter(
  (kind) => !EVERY_KIND.some(({ definition }) => definition.kind === kind),
);
