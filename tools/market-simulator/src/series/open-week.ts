import { EVERGREEN } from '../calendar/seasons.ts';
import { nextNoise } from '../demand/noise.ts';
import { categorical } from '../random/discrete.ts';
import { decideDiscount, nearestLevel } from '../stock/discount-policy.ts';
import { EVERGREEN_COVER } from './begin-series.ts';
import { expectArrivals } from './plan-week.ts';
import { sumOf, type SeriesState } from './series-state.ts';

const EXPLORATION_PROBABILITY = 0.1;

/**
 * Begins a week: the noise moves on, and what was delivered and returned comes into stock.
 * @param members series that sell from one stock
 * @param age week of their life, on sale
 * @param isPlan whether the week is only planned
 */
export function openWeek(members: readonly SeriesState[], age: number, isPlan: boolean): void {
  let delivered = 0;
  for (const series of members) {
    const { record, parameters, deliveries, arrivals, stock } = series;
    const { sizes } = record;
    if (isPlan && age === record.planned) {
      series.known = series.noise;
      expectArrivals(series, age);
    }
    if (age > 0) series.noise = nextNoise(parameters.noise, series.random, series.noise);
    for (let size = 0; size < sizes; size++)
      stock[size]! += deliveries[age * sizes + size]! + arrivals[age * sizes + size]!;
    delivered += sumOf(deliveries, age * sizes, (age + 1) * sizes);
  }
  for (const { record, stock } of members) {
    record.stock[age] = sumOf(stock, 0, record.sizes);
    record.delivered[age] = delivered;
  }
}

/**
 * Lets the shop's planner set the discounts of a week that has been opened: its wish, moved now and then by a step to try it.
 * @param members series that sell from one stock
 * @param age week of their life, on sale
 * @param isPlan whether the week is only planned; nothing is tried then
 * @param levels the grid
 */
export function decideLevels(
  members: readonly SeriesState[],
  age: number,
  isPlan: boolean,
  levels: Float64Array,
): void {
  const rate = members.reduce((total, { planner }) => total + planner.salesRate, 0);
  for (const { article, record, planner, returnRate, random } of members) {
    const left = record.life - age;
    // Of a stock that it shares, a market reckons with what it sells of it.
    const share = members.length === 1 || rate === 0 ? 1 / members.length : planner.salesRate / rate;
    const wanted = decideDiscount(planner, {
      age,
      weeksLeft: article.season === EVERGREEN ? Math.min(left, EVERGREEN_COVER) : left,
      progress: age / record.life,
      stock: (record.stock[age]! * share) / (1 - 0.55 * returnRate[0]!),
      campaign: record.campaign[age]!,
    });
    const level = nearestLevel(levels, wanted);
    // The draw is made in any case, to keep streams in step.
    const step = drawStep(random);
    record.level[age] = isPlan ? level : Math.min(levels.length - 1, Math.max(0, level + step));
  }
}

/** Now and then the shop tries a neighbouring discount. */
function drawStep(random: SeriesState['random']): number {
  const probabilities = [
    EXPLORATION_PROBABILITY / 2,
    1 - EXPLORATION_PROBABILITY,
    EXPLORATION_PROBABILITY / 2,
  ];
  return categorical(random, probabilities) - 1;
}
