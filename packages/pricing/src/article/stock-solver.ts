import type { ArticleProblem } from './article-problem.ts';
import { ConcaveProgram } from './concave-program.ts';
import { expectedSales } from './expected-sales.ts';
import { FluidBound } from './fluid-bound.ts';
import { StateBeam } from './state-beam.ts';
import { StockSimulation } from './stock-simulation.ts';
import { WeekChoice } from './week-choice.ts';
import { WeekOffer } from './week-offer.ts';

/** Passes over the weeks where units return: each prices them by what the plan of the pass before makes a unit worth. */
const RETURN_PASSES = 3;
/** Markets × weeks up to which a single level weighs enough to be worth more than one plan. */
export const MOST_SEARCHED = 24;

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
  private leastDemand = new Float64Array(0);
  private mostDispersion = 0;
  private onHand = new Float64Array(0);
  private arriving = new Float64Array(0);
  /** Units that came back before each week in the plan of the pass before [T]. */
  private returns = new Float64Array(0);
  private candidate = new Uint8Array(0);
  private returning = false;
  private readonly simulation = new StockSimulation();
  private readonly beam = new StateBeam();
  private readonly fluid = new FluidBound();
  private readonly weekChoice = new WeekChoice();
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
    const { program, worth } = this;
    const { weeks } = problem;
    worth[weeks] = problem.residual[stock];
    program.returning = false;
    this.returns.fill(0, 0, weeks);
    if (!this.returning) {
      this.backwards(true);
      this.follow(level);
      return this.bound();
    }
    // What returns is priced by the worth of a unit when it comes back, and arrives as it did in the pass before.
    let best = -Infinity;
    this.simulation.read(problem, stock);
    this.spread();
    const inflow = program.inflow.slice(0, weeks);
    for (let pass = 0; pass < RETURN_PASSES; pass++) {
      for (let week = 0; week < weeks; week++) program.inflow[week] = inflow[week] + this.returns[week];
      this.backwards(true);
      this.follow(this.candidate);
      const value = this.simulation.value(this.candidate, 0, false);
      if (value <= best) continue;
      best = value;
      this.take(level);
    }
    for (let week = 0; week < weeks; week++) program.inflow[week] = inflow[week];
    program.returning = true;
    this.backwards(false);
    return this.bound();
  }

  /**
   * Searches further where single levels weigh much; after {@link solve}, of the same stock.
   * @param problem the article
   * @param stock one of its stocks
   * @param level the levels found; better ones take their place [M·T]
   * @param bound no plan of the stock is worth more
   * @param enough relative gap to it at which nothing more is tried
   */
  search(problem: ArticleProblem, stock: number, level: Uint8Array, bound: number, enough: number): void {
    const { candidate, markets, simulation } = this;
    if (markets.length * problem.weeks > MOST_SEARCHED) return;
    simulation.read(problem, stock);
    const value = simulation.value(level, 0, false);
    if (bound - value <= enough * Math.abs(bound)) return;
    if (!this.beam.search(problem, stock, markets, this.program, this.worth, candidate)) return;
    if (simulation.value(candidate, 0, false) > value) this.take(level);
  }

  private take(level: Uint8Array): void {
    const { weeks } = this.problem;
    for (const market of this.markets) {
      level.set(this.candidate.subarray(market * weeks, (market + 1) * weeks), market * weeks);
    }
  }

  private bound(): number {
    const { program } = this;
    const bound = program.bound();
    return program.certain ? Math.min(bound, this.fluid.bound(program.inflow[0])) : bound;
  }

  /** Values of all weeks from the last to the first; the worth of a unit is read off them at the stock of the last plan. */
  private backwards(reads: boolean): void {
    const { program, worth } = this;
    program.begin(this.mostDemand, this.leastDemand, this.mostDispersion);
    const { weeks } = this.problem;
    if (program.certain) this.fluid.begin(program.residual);
    for (let week = weeks - 1; week >= 0; week--) {
      program.worth[week] = worth[week];
      this.offerOf(week);
      program.solveWeek(week, this.offers[week]);
      if (program.certain) {
        const isLast = week + 1 === weeks;
        const price = program.returning && !isLast ? program.worth[week + 1] : Infinity;
        this.fluid.week(
          this.offers[week],
          program.holding[week],
          isLast ? 0 : program.inflow[week + 1],
          price,
        );
      }
      if (reads) worth[week] = program.slopeAt(week, this.onHand[week] - program.inflow[week]);
    }
  }

  /** A first guess at the stock of each week: all that arrives, sold evenly. */
  private spread(): void {
    const { weeks } = this.problem;
    let total = 0;
    for (let week = 0; week < weeks; week++) {
      total += this.program.inflow[week];
      this.onHand[week] = total * (1 - (0.9 * week) / weeks);
    }
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
    }
    if (this.dispersion.length < own) this.dispersion = new Float64Array(own);
    if (this.worth.length < weeks + 1) {
      this.worth = new Float64Array(weeks + 1);
      this.mostDemand = new Float64Array(weeks);
      this.leastDemand = new Float64Array(weeks);
      this.onHand = new Float64Array(weeks);
      this.arriving = new Float64Array(weeks);
      this.returns = new Float64Array(weeks);
    }
    if (this.candidate.length < markets * weeks) this.candidate = new Uint8Array(markets * weeks);
    this.returning = false;
    for (const market of this.markets) {
      for (let lag = 0; lag < problem.lags; lag++) {
        this.returning ||= problem.returnLag[market * problem.lags + lag] > 0;
      }
    }
    while (this.offers.length < weeks) this.offers.push(new WeekOffer());
    const { program } = this;
    program.size(weeks);
    program.certain = problem.certain;
    program.residual = problem.residual[stock];
    this.mostDispersion = 0;
    for (let week = 0; week < weeks; week++) {
      const at = stock * weeks + week;
      program.inflow[week] = problem.deliveries[at] + (week === 0 ? problem.stock[stock] : 0);
      program.holding[week] = problem.holding[at];
      let most = 0;
      let least = 0;
      for (const market of this.markets) {
        let high = 0;
        let low = Infinity;
        this.mostDispersion = Math.max(this.mostDispersion, problem.dispersion[market * weeks + week]);
        for (let level = 0; level < levelCount; level++) {
          const place = (market * weeks + week) * levelCount + level;
          if (problem.limits.allowed[place] !== 1) continue;
          const units = problem.demand[place];
          if (units > high) high = units;
          if (units < low) low = units;
        }
        most += high;
        least += low;
      }
      this.leastDemand[week] = least;
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
    const { problem, markets, program, weekChoice, arriving } = this;
    const { weeks, levelCount, lags } = problem;
    arriving.fill(0, 0, weeks);
    weekChoice.begin(problem, markets, program, this.offers, this.unit);
    const { choice } = weekChoice;
    let left = 0;
    for (let week = 0; week < weeks; week++) {
      const stock = left + program.inflow[week] - this.returns[week] + arriving[week];
      this.onHand[week] = stock;
      weekChoice.choose(week, stock, week + 1 < weeks ? arriving[week + 1] - this.returns[week + 1] : 0);
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
      if (!this.returning || sales === 0) continue;
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
    this.returns.set(arriving.subarray(0, weeks));
  }
}
