import { noiseFactor } from '../demand/noise.ts';
import { lognormalFactor } from '../random/continuous.ts';
import { binomial, categorical, multinomial, negativeBinomial } from '../random/discrete.ts';
import { RETURN_LAGS } from '../returns.ts';
import { rememberSales } from '../stock/discount-policy.ts';
import { shareStock } from '../stock/share-stock.ts';
import type { SeriesState } from './series-state.ts';
import { expectedDemand } from './week-demand.ts';

const VIEWS_PER_UNIT = 25;

/**
 * Draws the demand of a week that has been opened and priced, and the page views.
 * @param series whose
 * @param age week of its life
 * @returns expected demand, over all noise
 */
export function drawDemand(series: SeriesState, age: number): number {
  const { record, random, parameters } = series;
  const mean = expectedDemand(series, age, record.level[age]!);
  const factor = noiseFactor(parameters.noise, series.noise);
  record.noise[age] = factor;
  record.demand[age] = negativeBinomial(random, mean * factor, parameters.dispersion);
  record.pageViews[age] = Math.round(VIEWS_PER_UNIT * (mean * factor) ** 0.9 * lognormalFactor(random, 0.2));
  return mean;
}

/**
 * Sells a week that has been opened and priced: draws demand, splits it over the sizes, sells what is there, and draws which units
 * come back and when.
 * @param members series that sell from one stock
 * @param age week of their life
 */
export function sellWeek(members: readonly SeriesState[], age: number): void {
  for (const series of members) {
    drawDemand(series, age);
    multinomial(series.random, series.record.demand[age]!, series.article.sizes, series.counts);
  }
  shareStock(members, members[0]!.record.sizes, true);
  for (const { record, stock, counts } of members)
    for (let size = 0; size < record.sizes; size++) stock[size]! -= counts[size]!;
  // What is back in the same week is not sold in it, and does not make a size available.
  for (const series of members) bookSales(series, age);
  for (const series of members) drawReturns(series, age);
}

function bookSales({ record, stock, counts, planner }: SeriesState, age: number): void {
  const { sizes } = record;
  let sales = 0;
  let uncensored = 1;
  for (let size = 0; size < sizes; size++) {
    const available = stock[size] === 0 ? 0 : 1;
    if (available === 0) uncensored = 0;
    sales += counts[size]!;
    record.sizeSales[age * sizes + size] = counts[size]!;
    record.sizeAvailable[age * sizes + size] = available;
  }
  record.sales[age] = sales;
  record.uncensored[age] = uncensored;
  rememberSales(planner, sales);
}

/** Draws how many of the units sold come back, and when. */
function drawReturns(series: SeriesState, age: number): void {
  const { record, stock, counts, arrivals, random, parameters } = series;
  const { sizes } = record;
  const rate = series.returnRate[record.level[age]!]!;
  record.returned.fill(0, age * RETURN_LAGS, (age + 1) * RETURN_LAGS);
  for (let size = 0; size < sizes; size++) {
    for (let unit = binomial(random, counts[size]!, rate); unit > 0; unit--) {
      const lag = categorical(random, parameters.returnDelay);
      record.returned[age * RETURN_LAGS + lag]! += 1;
      if (lag === 0) stock[size]! += 1;
      else arrivals[(age + lag) * sizes + size]! += 1;
    }
  }
}
