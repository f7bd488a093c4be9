import type { ArticleProblem } from './article-problem.ts';
import { ConcaveProgram } from './concave-program.ts';
import { expectedSales } from './expected-sales.ts';
import { WeekOffer } from './week-offer.ts';

/** Passes over the weeks where units return: each prices them by what the plan of the pass before makes a unit worth. */
const RETURN_PASSES = 3;

/**
 * The markets of one stock whose levels are free from week to week: a bound on what they can earn, and a plan that takes in each
 * week, at the stock that is then expected, what earns most by the programme's values.
 */
export class StockSolver {
  /** Markets of the stock [n]. */
  readonly markets: number[] = [];
  readonly program: ConcaveProgram;
  /** Worth of a unit at the start of a week, by the last pass; that of the end at T [T+1]. */
  worth = new Float64Array(0);
  private offers: WeekOffer[] = [];
  private allowed = new Uint8Array(0);
  private demand = new Float64Array(0);
  /** Profit of a unit sold with what its return is worth and the holding cost it spares [T·n·L]. */
  private unit = new Float64Array(0);
  private dispersion = new Float64Array(0);
  private mostDemand = new Float64Array(0);
  private onHand = new Float64Array(0);
  private arriving = new Float64Array(0);
  private choice = new Uint8Array(0);
  private trial = new Uint8Array(0);
  private problem!: ArticleProblem;

  /** @param cells cells of the grid of stock */
  constructor(cells: number) {
    this.program = new ConcaveProgram(cells);
  }

  /**
   * @param problem the article
   * @param stock one of its stocks
   * @param level receives the levels of the stock's markets [M·T]
   * @returns a bound on what these markets and what is left of the stock can come to, whatever limits bind weeks together
   */
  solve(problem: ArticleProblem, stock: number, level: Uint8Array): number {
    this.read(problem, stock);
    const { weeks } = problem;
    let returning = false;
    for (const market of this.markets) {
      for (let lag = 0; lag < problem.lags; lag++)
        returning ||= problem.returnLag[market * problem.lags + lag] > 0;
    }
    this.program.returning = returning;
    this.worth[weeks] = problem.residual[stock];
    let total = 0;
    for (let week = 0; week < weeks; week++) {
      total += this.program.inflow[week];
      this.onHand[week] = total;
    }
    for (let week = 0; week < weeks; week++) this.onHand[week] *= 1 - (0.9 * week) / weeks;
    let bound = Infinity;
    for (let pass = 0; pass < (returning ? RETURN_PASSES : 1); pass++) {
      this.program.begin(this.mostDemand);
      for (let week = weeks - 1; week >= 0; week--) {
        this.offerOf(week);
        this.program.solveWeek(week, this.offers[week]);
        this.worth[week] = this.program.slopeAt(week, this.onHand[week] - this.program.inflow[week]);
        this.program.worth[week] = this.worth[week];
      }
      bound = Math.min(bound, this.program.bound());
      this.follow(level);
    }
    return bound;
  }

  private read(problem: ArticleProblem, stock: number): void {
    const { markets, weeks, levelCount } = problem;
    this.problem = problem;
    this.markets.length = 0;
    for (let market = 0; market < markets; market++) {
      if (problem.stockOf[market] === stock) this.markets.push(market);
    }
    const own = this.markets.length;
    if (this.unit.length < own * weeks * levelCount) this.unit = new Float64Array(own * weeks * levelCount);
    if (this.demand.length < own * levelCount) {
      this.demand = new Float64Array(own * levelCount);
      this.allowed = new Uint8Array(own * levelCount);
      this.dispersion = new Float64Array(own);
      this.choice = new Uint8Array(own);
      this.trial = new Uint8Array(own);
    }
    if (this.worth.length < weeks + 1) {
      this.worth = new Float64Array(weeks + 1);
      this.mostDemand = new Float64Array(weeks);
      this.onHand = new Float64Array(weeks);
      this.arriving = new Float64Array(weeks);
    }
    while (this.offers.length < weeks) this.offers.push(new WeekOffer());
    const { program } = this;
    program.size(weeks);
    program.certain = problem.certain;
    program.residual = problem.residual[stock];
    for (let week = 0; week < weeks; week++) {
      const at = stock * weeks + week;
      program.inflow[week] = problem.deliveries[at] + (week === 0 ? problem.stock[stock] : 0);
      program.holding[week] = problem.holding[at];
      let most = 0;
      for (const market of this.markets) {
        let demand = 0;
        for (let level = 0; level < levelCount; level++) {
          const place = (market * weeks + week) * levelCount + level;
          if (problem.limits.allowed[place] === 1) demand = Math.max(demand, problem.demand[place]);
        }
        most += demand;
      }
      this.mostDemand[week] = most;
    }
  }

  /** Reads a week into the workspace, returns priced by the worth of the weeks in which they come back, and builds its offer. */
  private offerOf(week: number): void {
    const { problem, markets, demand, allowed, unit, dispersion, worth } = this;
    const { weeks, levelCount, lags } = problem;
    const own = markets.length;
    for (let index = 0; index < own; index++) {
      const market = markets[index];
      let credit = 0;
      for (let lag = 0; lag < lags; lag++) {
        const arrival = Math.min(weeks, week + Math.max(1, lag));
        credit += problem.returnLag[market * lags + lag] * worth[arrival];
      }
      dispersion[index] = problem.dispersion[market * weeks + week];
      for (let level = 0; level < levelCount; level++) {
        const place = (market * weeks + week) * levelCount + level;
        const at = index * levelCount + level;
        demand[at] = problem.demand[place];
        allowed[at] = problem.limits.allowed[place];
        unit[week * own * levelCount + at] =
          problem.margin[place] + problem.returnRate[place] * credit + this.program.holding[week];
      }
    }
    const units = unit.subarray(week * own * levelCount, (week + 1) * own * levelCount);
    this.offers[week].build(own, levelCount, allowed, demand, units, dispersion, problem.certain);
  }

  /** The plan by the values, week by week at the stock that is met; `onHand` becomes its stock. */
  private follow(level: Uint8Array): void {
    const { problem, markets, program, choice, arriving } = this;
    const { weeks, levelCount, lags } = problem;
    arriving.fill(0, 0, weeks);
    let left = 0;
    for (let week = 0; week < weeks; week++) {
      const stock = left + program.inflow[week] + arriving[week];
      this.onHand[week] = stock;
      const next = week + 1 < weeks ? arriving[week + 1] : 0;
      this.choose(week, stock, next);
      let mean = 0;
      let square = 0;
      for (let index = 0; index < markets.length; index++) {
        const market = markets[index];
        level[market * weeks + week] = choice[index];
        const units = problem.demand[(market * weeks + week) * levelCount + choice[index]];
        mean += units;
        square += problem.dispersion[market * weeks + week] * units * units;
      }
      const sales = mean > 0 ? expectedSales(mean, square / (mean * mean), problem.certain, stock) : 0;
      left = Math.max(0, stock - sales);
      if (!program.returning || sales === 0) continue;
      for (let index = 0; index < markets.length; index++) {
        const market = markets[index];
        const place = (market * weeks + week) * levelCount + choice[index];
        const back = ((sales * problem.demand[place]) / mean) * problem.returnRate[place];
        for (let lag = 0; lag < lags; lag++) {
          const arrival = week + Math.max(1, lag);
          if (arrival < weeks) arriving[arrival] += back * problem.returnLag[market * lags + lag];
        }
      }
    }
  }

  /** The best joint choice found for a week, into `choice`: the best corner of its hull, then one market after the other. */
  private choose(week: number, stock: number, arriving: number): void {
    const { problem, markets, choice, trial } = this;
    const { weeks, levelCount } = problem;
    const own = markets.length;
    const offer = this.offers[week];
    let best = -Infinity;
    if (own > 1) {
      for (let corner = 0; corner < offer.count; corner++) {
        let isNew = corner === 0;
        for (let index = 0; index < own; index++) {
          trial[index] = offer.corner[corner * own + index];
          isNew ||= trial[index] !== offer.corner[(corner - 1) * own + index];
        }
        if (!isNew) continue;
        const value = this.valueOf(week, stock, arriving, trial);
        if (value > best) {
          best = value;
          choice.set(trial.subarray(0, own));
        }
      }
    }
    for (let round = 0; round < 3; round++) {
      const before = best;
      for (let index = 0; index < own; index++) {
        trial.set(choice.subarray(0, own));
        for (let level = 0; level < levelCount; level++) {
          if (problem.limits.allowed[(markets[index] * weeks + week) * levelCount + level] !== 1) continue;
          trial[index] = level;
          const value = this.valueOf(week, stock, arriving, trial);
          if (value > best) {
            best = value;
            choice[index] = level;
          }
        }
      }
      if (own === 1 || best <= before) return;
    }
  }

  private valueOf(week: number, stock: number, arriving: number, chosen: Uint8Array): number {
    const { problem, markets, unit, program } = this;
    const { weeks, levelCount } = problem;
    const own = markets.length;
    let mean = 0;
    let square = 0;
    let profit = 0;
    for (let index = 0; index < own; index++) {
      const market = markets[index];
      const units = problem.demand[(market * weeks + week) * levelCount + chosen[index]];
      mean += units;
      square += problem.dispersion[market * weeks + week] * units * units;
      profit += units * unit[(week * own + index) * levelCount + chosen[index]];
    }
    if (mean <= 0) return program.valueAt(week + 1, stock + arriving);
    const sales = expectedSales(mean, square / (mean * mean), problem.certain, stock);
    return (profit / mean) * sales + program.valueAt(week + 1, Math.max(0, stock - sales) + arriving);
  }
}
