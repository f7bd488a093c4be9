import type { ArticleProblem } from './article-problem.ts';
import { expectedSales } from './expected-sales.ts';

/**
 * The value of one stock's plan, many times over with few changes: as `simulatePlan` has it, from the first week that differs on.
 * Nothing but the value is kept.
 */
export class StockSimulation {
  readonly markets: number[] = [];
  private problem!: ArticleProblem;
  private stock = 0;
  private returning = false;
  /** Units left from the week before, and value until then, of the plan last kept [T+1]. */
  private left = new Float64Array(0);
  private earned = new Float64Array(0);
  private arriving = new Float64Array(0);

  /**
   * @param problem the article
   * @param stock one of its stocks
   */
  read(problem: ArticleProblem, stock: number): void {
    this.problem = problem;
    this.stock = stock;
    this.markets.length = 0;
    this.returning = false;
    for (let market = 0; market < problem.markets; market++) {
      if (problem.stockOf[market] !== stock) continue;
      this.markets.push(market);
      for (let lag = 0; lag < problem.lags; lag++) {
        this.returning ||= problem.returnLag[market * problem.lags + lag] > 0;
      }
    }
    if (this.left.length < problem.weeks + 1) {
      this.left = new Float64Array(problem.weeks + 1);
      this.earned = new Float64Array(problem.weeks + 1);
      this.arriving = new Float64Array(problem.weeks + 1);
    }
    this.left[0] = problem.stock[stock];
  }

  /**
   * @param level levels [M·T]
   * @param from first week that differs from the plan last kept; 0 before any was
   * @param keep whether later calls start from this plan
   * @returns value of the stock's plan
   */
  value(level: Uint8Array, from: number, keep: boolean): number {
    const { problem, markets, stock, left, earned, arriving, returning } = this;
    const { weeks, levelCount, lags, demand, dispersion, margin } = problem;
    let week = returning ? 0 : from;
    if (returning) arriving.fill(0, 0, weeks + 1);
    let onHand = left[week];
    let value = earned[week];
    for (; week < weeks; week++) {
      if (keep) {
        left[week] = onHand;
        earned[week] = value;
      }
      const available = onHand + problem.deliveries[stock * weeks + week] + (returning ? arriving[week] : 0);
      let mean = 0;
      let square = 0;
      let profit = 0;
      for (let index = 0; index < markets.length; index++) {
        const at = markets[index] * weeks + week;
        const place = at * levelCount + level[at];
        const units = demand[place];
        mean += units;
        square += dispersion[at] * units * units;
        profit += margin[place] * units;
      }
      const sold = mean > 0 ? expectedSales(mean, square / (mean * mean), problem.certain, available) : 0;
      onHand = Math.max(0, available - sold);
      if (mean > 0) value += (profit / mean) * sold;
      value -= problem.holding[stock * weeks + week] * onHand;
      if (!returning || mean <= 0) continue;
      for (let index = 0; index < markets.length; index++) {
        const market = markets[index];
        const place = (market * weeks + week) * levelCount + level[market * weeks + week];
        const back = ((sold * demand[place]) / mean) * problem.returnRate[place];
        if (back === 0) continue;
        for (let lag = 0; lag < lags; lag++) {
          arriving[Math.min(weeks, week + Math.max(1, lag))] += back * problem.returnLag[market * lags + lag];
        }
      }
    }
    return value + problem.residual[stock] * (onHand + (returning ? arriving[weeks] : 0));
  }
}
