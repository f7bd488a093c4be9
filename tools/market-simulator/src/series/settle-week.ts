import { drawCost } from '../money/fulfillment-cost.ts';
import type { RandomGenerator } from '../random/stream.ts';
import { RETURN_LAGS } from '../returns.ts';
import type { SimulatedSeries } from './series-state.ts';

/**
 * @param series whose
 * @returns week of its life after the last in which anything can come back
 */
export function endOfReturns({ record }: Pick<SimulatedSeries, 'record'>): number {
  return record.life + RETURN_LAGS - 1;
}

/**
 * What is shipped and what comes back in a week, of units sold in the weeks of the tables; and what both cost.
 * @param random the stream
 * @param series whose
 * @param age week of its life, before {@link endOfReturns}
 */
export function settleWeek(random: RandomGenerator, series: SimulatedSeries, age: number): void {
  const { record, parameters } = series;
  let back = 0;
  for (let lag = 0; lag < RETURN_LAGS; lag++) {
    const soldAt = age - lag;
    if (soldAt >= record.first && soldAt < record.life) back += record.returned[soldAt * RETURN_LAGS + lag]!;
  }
  const shipped = age < record.life ? record.sales[age]! : 0;
  record.shippedUnits[age] = shipped;
  record.shippingCost[age] = drawCost(random, shipped, parameters.cost.shipping);
  record.returnedUnits[age] = back;
  record.returnCost[age] = drawCost(random, back, parameters.cost.returning);
}
