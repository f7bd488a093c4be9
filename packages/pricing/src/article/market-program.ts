import type { ArticleProblem } from './article-problem.ts';
import type { ArticleOutcome } from './article-plan.ts';
import { PathStates } from './path-states.ts';
import { inOrder } from './plan-limits.ts';
import { FORBIDDEN } from './path-choices.ts';
import { StockProgram } from './stock-program.ts';

/**
 * The best levels of one market of a stock while those of the others stand: a programme over stock and the states of the market's
 * path, with the others' demand added to each week's. What returns is priced by the worth of a unit, and arrives as it did in the
 * plan that stands.
 */
export class MarketProgram {
  private readonly program: StockProgram;
  private readonly path = new PathStates();
  private credit = new Float64Array(0);
  private returns = new Float64Array(0);

  /** @param cells cells of the grid of stock */
  constructor(cells: number) {
    this.program = new StockProgram(cells);
  }

  /**
   * @param problem the article
   * @param market market to plan
   * @param level levels of all [M·T]; those of the market are replaced
   * @param standing outcome of `level`
   * @param worth worth of a unit at the start of a week, and at the end [T+1]
   * @returns a bound on the stock's value where the market is alone on it and nothing returns, else Infinity; −Infinity where no
   *   path is allowed, and `level` is left alone
   */
  solve(
    problem: ArticleProblem,
    market: number,
    level: Uint8Array,
    standing: ArticleOutcome,
    worth: Float64Array,
  ): number {
    const { weeks, levelCount, markets, stockOf, lags } = problem;
    const stock = stockOf[market];
    const { program, path } = this;
    path.read(problem, market);
    program.size(weeks, levelCount);
    program.certain = problem.certain;
    program.residual = problem.residual[stock];
    this.creditReturns(problem, worth);
    let isAlone = true;
    let isReturning = false;
    for (let other = 0; other < markets; other++) {
      if (stockOf[other] !== stock) continue;
      if (other !== market) isAlone = false;
      for (let lag = 0; lag < lags; lag++) isReturning ||= problem.returnLag[other * lags + lag] > 0;
    }
    this.returns.fill(0, 0, weeks);
    if (isReturning) this.standingReturns(problem, stock, level, standing);
    for (let week = 0; week < weeks; week++) {
      program.count[week] = levelCount;
      program.holding[week] = problem.holding[stock * weeks + week];
      program.inflow[week] =
        problem.deliveries[stock * weeks + week] +
        this.returns[week] +
        (week === 0 ? problem.stock[stock] : 0);
      let mean = 0;
      let square = 0;
      let profit = 0;
      for (let other = 0; other < markets; other++) {
        if (stockOf[other] !== stock || other === market) continue;
        const at = other * weeks + week;
        const units = problem.demand[at * levelCount + level[at]];
        mean += units;
        square += problem.dispersion[at] * units * units;
        profit += units * this.unitOf(problem, other, week, level[at]);
      }
      for (let own = 0; own < levelCount; own++) {
        const at = week * levelCount + own;
        const units = problem.demand[(market * weeks + week) * levelCount + own];
        const total = mean + units;
        program.mean[at] = total;
        program.dispersion[at] =
          total > 0
            ? (square + problem.dispersion[market * weeks + week] * units * units) / (total * total)
            : 0;
        program.unit[at] = total > 0 ? (profit + units * this.unitOf(problem, market, week, own)) / total : 0;
        program.allowed[at] = mayChoose(problem, market, week, own, level) ? 1 : 0;
      }
    }
    program.tabulate();
    const bound = program.solve(path);
    if (bound <= FORBIDDEN) return -Infinity;
    program.follow(level, market * weeks);
    return isAlone && !isReturning ? bound : Infinity;
  }

  private unitOf(problem: ArticleProblem, market: number, week: number, level: number): number {
    const place = (market * problem.weeks + week) * problem.levelCount + level;
    return problem.margin[place] + problem.returnRate[place] * this.credit[market * problem.weeks + week];
  }

  private creditReturns(problem: ArticleProblem, worth: Float64Array): void {
    const { markets, weeks, lags } = problem;
    if (this.credit.length < markets * weeks) this.credit = new Float64Array(markets * weeks);
    if (this.returns.length < weeks) this.returns = new Float64Array(weeks);
    this.credit.fill(0, 0, markets * weeks);
    for (let market = 0; market < markets; market++) {
      for (let week = 0; week < weeks; week++) {
        for (let lag = 0; lag < lags; lag++) {
          const arrival = Math.min(weeks, week + Math.max(1, lag));
          this.credit[market * weeks + week] += problem.returnLag[market * lags + lag] * worth[arrival];
        }
      }
    }
  }

  private standingReturns(
    problem: ArticleProblem,
    stock: number,
    level: Uint8Array,
    standing: ArticleOutcome,
  ): void {
    const { markets, weeks, lags, levelCount } = problem;
    for (let market = 0; market < markets; market++) {
      if (problem.stockOf[market] !== stock) continue;
      for (let week = 0; week < weeks; week++) {
        const at = market * weeks + week;
        const back = standing.sales[at] * problem.returnRate[at * levelCount + level[at]];
        for (let lag = 0; lag < lags; lag++) {
          const arrival = week + Math.max(1, lag);
          if (arrival < weeks) this.returns[arrival] += back * problem.returnLag[market * lags + lag];
        }
      }
    }
  }
}

/**
 * @param problem the article
 * @param market a market
 * @param week a week
 * @param own a level of it
 * @param level levels of all markets [M·T]
 * @returns whether the level is allowed and its price in order with the other markets' as they stand
 */
export function mayChoose(
  problem: ArticleProblem,
  market: number,
  week: number,
  own: number,
  level: Uint8Array,
): boolean {
  const { weeks, levelCount, limits } = problem;
  const at = (market * weeks + week) * levelCount;
  if (limits.allowed[at + own] !== 1) return false;
  const { priceOrder, price } = limits;
  for (let pair = 0; pair < limits.pricePairs; pair++) {
    const low = priceOrder[2 * pair];
    const high = priceOrder[2 * pair + 1];
    if (low !== market && high !== market) continue;
    const other = (low === market ? high : low) * weeks + week;
    const otherPrice = price[other * levelCount + level[other]];
    if (low === market ? !inOrder(price[at + own], otherPrice) : !inOrder(otherPrice, price[at + own])) {
      return false;
    }
  }
  return true;
}
