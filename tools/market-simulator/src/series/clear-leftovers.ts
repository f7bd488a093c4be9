import { CLEARANCE_LOTS, drawLotUnits, drawLotValue, residualShare } from '../money/residual-value.ts';
import type { RandomGenerator } from '../random/stream.ts';
import { sumOf, type SeriesState } from './series-state.ts';

/**
 * Ends the time on sale: what is left of a stock becomes leftovers. Of a stock that is shared, each market clears an equal part.
 * @param members series that sold from one stock
 */
export function endSeason(members: readonly SeriesState[]): void {
  const { stock, record } = members[0]!;
  const units = sumOf(stock, 0, record.sizes);
  const [each, rest] = [Math.floor(units / members.length), units % members.length];
  members.forEach((series, i) => (series.leftovers = each + (i < rest ? 1 : 0)));
  stock.fill(0);
}

/**
 * Puts what comes back in a week after the season to the leftovers.
 * @param series whose
 * @param age week, counted from the launch
 */
export function receiveLate(series: SeriesState, age: number): void {
  const { sizes } = series.record;
  series.leftovers += sumOf(series.arrivals, age * sizes, (age + 1) * sizes);
}

/**
 * @param series whose
 * @param age week, counted from the launch
 * @returns number of the lot that is cleared in it; −1: none
 */
export function lotOf({ record }: Pick<SeriesState, 'record'>, age: number): number {
  return CLEARANCE_LOTS.findIndex(({ weeksAfter }) => record.life - 1 + weeksAfter === age);
}

/**
 * Clears a lot of the leftovers.
 * @param random the stream
 * @param series whose
 * @param index of the lot
 */
export function clearLot(random: RandomGenerator, series: SeriesState, index: number): void {
  const { record, parameters } = series;
  const lot = CLEARANCE_LOTS[index]!;
  const units = drawLotUnits(random, lot, series.leftovers);
  series.leftovers -= units;
  record.clearedUnits[index] = units;
  record.clearedValue[index] = drawLotValue(
    random,
    units,
    parameters.blackPrice,
    residualShare(parameters.residual, lot.weeksAfter),
  );
}
