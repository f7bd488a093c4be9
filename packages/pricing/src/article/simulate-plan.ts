import type { ArticleOutcome } from './article-plan.ts';
import type { ArticleProblem } from './article-problem.ts';
import { expectedSales } from './expected-sales.ts';

/** Units on hand by stock, then units to come by stock and week. */
let scratch = new Float64Array(0);

/**
 * What a plan comes to: first come, first served. In each week what was delivered and came back arrives, the demand of all
 * markets of a stock (means and variances added) meets it, sales are E[min(D, stock)] and go to the markets in proportion to
 * their demand. The stock that is carried on is the expected one. This is what a plan's value means, everywhere.
 * @param problem the article
 * @param level levels [M·T]
 * @param out receives sales, units left, late returns and value; `level` may be its own
 * @returns the value
 */
export function simulatePlan(problem: ArticleProblem, level: Uint8Array, out: ArticleOutcome): number {
  const { markets, weeks, levelCount, stocks, lags, stockOf, certain } = problem;
  const { demand, dispersion, margin, returnRate, returnLag } = problem;
  const size = stocks * (weeks + 1);
  if (scratch.length < size) scratch = new Float64Array(size * 2);
  const onHand = scratch.subarray(0, stocks);
  const returns = scratch.subarray(stocks, size);
  for (let stock = 0; stock < stocks; stock++) {
    onHand[stock] = problem.stock[stock];
    out.lateReturns[stock] = 0;
  }
  returns.fill(0);
  let value = 0;
  for (let week = 0; week < weeks; week++) {
    for (let stock = 0; stock < stocks; stock++) {
      const available =
        onHand[stock] + problem.deliveries[stock * weeks + week] + returns[stock * weeks + week];
      let mean = 0;
      let square = 0;
      for (let market = 0; market < markets; market++) {
        if (stockOf[market] !== stock) continue;
        const units = demand[(market * weeks + week) * levelCount + level[market * weeks + week]];
        mean += units;
        square += dispersion[market * weeks + week] * units * units;
      }
      const sold = mean > 0 ? expectedSales(mean, square / (mean * mean), certain, available) : 0;
      const served = mean > 0 ? sold / mean : 0;
      const left = Math.max(0, available - sold);
      onHand[stock] = left;
      out.left[stock * weeks + week] = left;
      value -= problem.holding[stock * weeks + week] * left;
      for (let market = 0; market < markets; market++) {
        if (stockOf[market] !== stock) continue;
        const place = (market * weeks + week) * levelCount + level[market * weeks + week];
        const sales = served * demand[place];
        out.sales[market * weeks + week] = sales;
        value += sales * margin[place];
        const back = sales * returnRate[place];
        if (back === 0) continue;
        for (let lag = 0; lag < lags; lag++) {
          const arrival = week + Math.max(1, lag);
          const units = back * returnLag[market * lags + lag];
          if (arrival < weeks) returns[stock * weeks + arrival] += units;
          else out.lateReturns[stock] += units;
        }
      }
    }
  }
  for (let stock = 0; stock < stocks; stock++) {
    value += problem.residual[stock] * (onHand[stock] + out.lateReturns[stock]);
  }
  out.value = value;
  return value;
}
