import { expectedNoiseFactor } from '../demand/noise.ts';
import { RETURN_LAGS } from '../returns.ts';
import { rememberSales } from '../stock/discount-policy.ts';
import { shareStock } from '../stock/share-stock.ts';
import type { SeriesState } from './series-state.ts';
import { expectedDemand } from './week-demand.ts';

/**
 * Goes through a planned week that has been opened and priced, in expectation: what the shop's plan rests on.
 * @param members series that sell from one stock
 * @param age week of their life
 */
export function planWeek(members: readonly SeriesState[], age: number): void {
  for (const series of members) {
    const { article, record, parameters, known, counts } = series;
    record.noise[age] =
      record.planned === 0 ? 1 : expectedNoiseFactor(parameters.noise, known, age - record.planned + 1);
    const mean = expectedDemand(series, age, record.level[age]!) * record.noise[age]!;
    article.sizes.forEach((share, size) => (counts[size] = mean * share));
  }
  shareStock(members, members[0]!.record.sizes, false);
  for (const series of members) sellAsExpected(series, age);
}

function sellAsExpected(series: SeriesState, age: number): void {
  const { record, stock, counts, arrivals, planner } = series;
  const { returnDelay } = series.parameters;
  const { sizes } = record;
  const rate = series.returnRate[record.level[age]!]!;
  let sales = 0;
  for (let size = 0; size < sizes; size++) {
    const sold = counts[size]!;
    sales += sold;
    stock[size]! += sold * rate * returnDelay[0]! - sold;
    for (let lag = 1; lag < RETURN_LAGS; lag++)
      arrivals[(age + lag) * sizes + size]! += sold * rate * returnDelay[lag]!;
  }
  record.sales[age] = sales;
  record.uncensored[age] = 0;
  rememberSales(planner, sales);
}

/**
 * At the end of the history nobody knows which units will come back: the plan goes by what is expected.
 * @param series whose arrivals from then on are replaced
 * @param age first week that is planned
 */
export function expectArrivals(series: SeriesState, age: number): void {
  const { record, arrivals, returnRate, parameters } = series;
  const { sizes } = record;
  arrivals.fill(0, age * sizes, (age + RETURN_LAGS) * sizes);
  for (let lag = 1; lag < RETURN_LAGS; lag++) {
    for (let soldAt = Math.max(0, age - lag); soldAt < age; soldAt++) {
      const share = returnRate[record.level[soldAt]!]! * parameters.returnDelay[lag]!;
      for (let size = 0; size < sizes; size++)
        arrivals[(soldAt + lag) * sizes + size]! += record.sizeSales[soldAt * sizes + size]! * share;
    }
  }
}
