import { weeksBetween } from '@hemline/core';
import type { Article } from '../assortment/article.ts';
import type { Market } from '../assortment/markets.ts';
import type { MarketCalendar } from '../calendar/market-calendar.ts';
import { EVERGREEN } from '../calendar/seasons.ts';
import { discountLift } from '../demand/discount-response.ts';
import { lifeCycleFactor } from '../demand/life-cycle.ts';
import { firstNoise } from '../demand/noise.ts';
import { randomStream, STREAMS } from '../random/stream.ts';
import { RETURN_LAGS, returnProbability } from '../returns.ts';
import { orderStock } from '../stock/buy.ts';
import type { World } from '../world.ts';
import { drawSeriesParameters } from './series-parameters.ts';
import { sumOf, type SeriesState } from './series-state.ts';

/** Weeks that the stock of an evergreen article should last: until after the next delivery. */
export const EVERGREEN_COVER = 12;

/**
 * Draws the truth of a series, orders its stock, and places it at the start of its life.
 * @param series filled
 * @param world what is simulated
 * @param article what is sold
 * @param market where
 * @param calendar of the market
 */
export function beginSeries(
  series: SeriesState,
  world: World,
  article: Article,
  market: Market,
  calendar: MarketCalendar,
): void {
  const random = randomStream(world.seed, STREAMS.series, article.index, market.index);
  const parameters = drawSeriesParameters(random, article, market, world);
  Object.assign(series, { article, market, random, parameters, competition: world.competition });
  world.levels.forEach((discount, level) => {
    series.lift[level] = discountLift(parameters.response, discount);
    series.returnRate[level] = returnProbability(parameters.returnRate, discount);
  });
  placeInTime(series, world);
  drawUndiscounted(series, world, calendar);
  order(series, world);
  shiftDemand(series, world);
  const { record, planner, deliveries } = series;
  planner.discount = 0;
  planner.changedAt = 0;
  // What the buyer reckoned with: the first stock over the time it was meant to last.
  planner.salesRate =
    sumOf(deliveries, 0, record.sizes) / (article.season === EVERGREEN ? EVERGREEN_COVER : record.life);
  series.noise = firstNoise(parameters.noise, random);
  series.known = series.noise;
  series.leftovers = 0;
  record.clearedUnits.fill(0);
  record.clearedValue.fill(0);
}

function placeInTime({ record, article }: SeriesState, { firstWeek, weeks, planWeeks }: World): void {
  record.launch = weeksBetween(firstWeek, article.launchWeek);
  record.life = weeksBetween(article.launchWeek, article.seasonEndWeek) + 1;
  record.first = Math.max(0, -record.launch);
  record.last = Math.min(record.life, weeks + planWeeks - record.launch) - 1;
  record.planned = Math.max(0, weeks - record.launch);
  record.sizes = article.sizes.length;
}

/** What life cycle and calendar make of undiscounted demand, and age of the response to discounts. */
function drawUndiscounted(
  { record, article, parameters }: SeriesState,
  { aging }: World,
  calendar: MarketCalendar,
): void {
  const factor = calendar.factor[article.groupIndex]!;
  const campaign = calendar.campaign[article.groupIndex]!;
  for (let age = 0; age < record.life; age++) {
    // What lies beyond the plan is only guessed at when stock is ordered: the year before stands in.
    let at = record.launch + age - calendar.start;
    if (at >= factor.length) at -= 52 * Math.ceil((at - factor.length + 1) / 52);
    record.campaign[age] = campaign[at]!;
    record.undiscounted[age] =
      parameters.level *
      lifeCycleFactor(parameters.lifeCycle, age) *
      factor[at]! *
      Math.exp(parameters.campaignLift * campaign[at]!);
    record.aging[age] = Math.exp(aging * (age / Math.max(1, record.life - 1) - 0.5));
  }
}

function order(series: SeriesState, { overstock }: World): void {
  const { article, record, deliveries, arrivals, stock } = series;
  const { life, sizes, undiscounted } = record;
  deliveries.fill(0, 0, life * sizes);
  arrivals.fill(0, 0, (life + RETURN_LAGS) * sizes);
  stock.fill(0);
  orderStock(
    series.random,
    {
      weeklyDemand: undiscounted.subarray(0, life),
      returnRate: series.returnRate[0]!,
      sizes: article.sizes,
      evergreen: article.season === EVERGREEN,
      overstock,
    },
    deliveries,
  );
}

/** After the orders: a shift that buyers had foreseen would be met with another stock. */
function shiftDemand({ article, record }: SeriesState, { shift }: World): void {
  if (shift?.group !== article.group.name) return;
  const first = Math.max(0, weeksBetween(article.launchWeek, shift.from));
  for (let age = first; age < record.life; age++) record.undiscounted[age]! *= shift.factor;
}
