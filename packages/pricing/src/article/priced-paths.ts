import type { ArticleProblem } from './article-problem.ts';
import { PathProgram } from './path-program.ts';
import { PathStates } from './path-states.ts';
import { StockSimulation } from './stock-simulation.ts';

/** Prices tried for the best bound. */
const TRIES = 14;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Markets of one stock that limits bind from week to week, told apart by a price of the stock: at a price of a unit in each week,
 * every market has its own best path, and what they earn together above the price, with the stock at its price, is a bound on all
 * plans (Lagrange). The price that the programme without these limits found is moved up and down for the least bound; the paths
 * met on the way are plans.
 */
export class PricedPaths {
  private readonly paths: PathStates[] = [];
  private readonly program = new PathProgram();
  private readonly simulation = new StockSimulation();
  private price = new Float64Array(0);
  private trial = new Uint8Array(0);

  /**
   * @param problem the article
   * @param stock one of its stocks
   * @param worth worth of a unit at the start of each week, and at the end, where weeks are free [T+1]
   * @param level receives the best plan met; left alone where a market has no path
   * @returns a bound on the stock's value; −Infinity where a market has no path
   */
  solve(problem: ArticleProblem, stock: number, worth: Float64Array, level: Uint8Array): number {
    const { weeks, markets } = problem;
    this.simulation.read(problem, stock);
    const own = this.simulation.markets;
    while (this.paths.length < own.length) this.paths.push(new PathStates());
    own.forEach((market, index) => this.paths[index].read(problem, market));
    if (this.price.length < weeks + 1) this.price = new Float64Array(weeks + 1);
    if (this.trial.length < markets * weeks) this.trial = new Uint8Array(markets * weeks);
    this.program.size(weeks, problem.levelCount);
    let best = -Infinity;
    let bound = Infinity;
    const evaluate = (shift: number): number => {
      const found = this.boundAt(problem, stock, worth, shift, own);
      if (found === -Infinity) return found;
      bound = Math.min(bound, found);
      const value = this.simulation.value(this.trial, 0, false);
      if (value > best) {
        best = value;
        for (const market of own) {
          level.set(this.trial.subarray(market * weeks, (market + 1) * weeks), market * weeks);
        }
      }
      return found;
    };
    if (evaluate(0) === -Infinity) return -Infinity;
    let most = Math.abs(worth[weeks]);
    for (let week = 0; week < weeks; week++) most = Math.max(most, Math.abs(worth[week]));
    let low = -most - 1e-9;
    let high = most + 1e-9;
    let left = high - GOLDEN * (high - low);
    let right = low + GOLDEN * (high - low);
    let atLeft = evaluate(left);
    let atRight = evaluate(right);
    for (let round = 0; round < TRIES; round++) {
      if (atLeft <= atRight) {
        high = right;
        right = left;
        atRight = atLeft;
        left = high - GOLDEN * (high - low);
        atLeft = evaluate(left);
      } else {
        low = left;
        left = right;
        atLeft = atRight;
        right = low + GOLDEN * (high - low);
        atRight = evaluate(right);
      }
    }
    return bound;
  }

  /** The bound at prices moved by `shift`; the markets' paths go into `trial`. */
  private boundAt(
    problem: ArticleProblem,
    stock: number,
    worth: Float64Array,
    shift: number,
    own: readonly number[],
  ): number {
    const { weeks, levelCount, lags } = problem;
    const { price, program } = this;
    price[weeks] = problem.residual[stock];
    let bound = 0;
    for (let week = weeks - 1; week >= 0; week--) {
      // A unit can be kept for the next week: it is worth that much at least, or the bound would be infinite.
      price[week] = Math.max(worth[week] + shift, price[week + 1] - problem.holding[stock * weeks + week]);
      bound +=
        price[week] * (problem.deliveries[stock * weeks + week] + (week === 0 ? problem.stock[stock] : 0));
    }
    for (let index = 0; index < own.length; index++) {
      const market = own[index];
      for (let week = 0; week < weeks; week++) {
        let credit = 0;
        for (let lag = 0; lag < lags; lag++) {
          credit += problem.returnLag[market * lags + lag] * price[Math.min(weeks, week + Math.max(1, lag))];
        }
        for (let level = 0; level < levelCount; level++) {
          const place = (market * weeks + week) * levelCount + level;
          const gain = problem.margin[place] + problem.returnRate[place] * credit - price[week];
          program.worth[week * levelCount + level] =
            problem.limits.allowed[place] === 1 ? gain * problem.demand[place] : -Infinity;
        }
      }
      // The plan sells what is asked for; the bound may sell nothing where selling loses.
      program.solve(weeks, levelCount, this.paths[index], this.trial, market * weeks);
      for (let at = 0; at < weeks * levelCount; at++) {
        if (program.worth[at] < 0 && program.worth[at] > -Infinity) program.worth[at] = 0;
      }
      bound += program.solve(weeks, levelCount, this.paths[index], undefined, 0);
    }
    return bound;
  }
}
