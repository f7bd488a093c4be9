import {
  change,
  countEncoding,
  current,
  earlier,
  expanding,
  exponential,
  FEATURE_KINDS,
  future,
  groupRolling,
  holidays,
  lag,
  lessGroup,
  ofOthers,
  past,
  rolling,
  saleEvent,
  seasonal,
  stockUplift,
  targetEncoding,
  trend,
  weekOfYear,
  weeksOfCover,
  weeksSince,
  weeksSinceLaunch,
  weeksToSeasonEnd,
  yearWaves,
  type Feature,
  type WindowStatistic,
} from '../../src/index.ts';

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
