import type { ArticleProblem } from './article-problem.ts';
import { marketKeepsLimits, weekKeepsPriceOrder } from './plan-limits.ts';
import { StockSimulation } from './stock-simulation.ts';

/** Markets × weeks × levels up to which every stretch of weeks is a move. */
const SMALL = 64;
/** Moves up to which all pairs of them are tried there. */
const MOST_PAIRED = 120;
/** Rounds over all moves at most, and where they are few. */
const ROUNDS = 3;
const SMALL_ROUNDS = 12;
/** Gains below this share of the value are none. */
const TINY = 1e-12;

/**
 * Local search on a plan that keeps the limits, by the exact value. A move sets some weeks of one market to one level: a single
 * week, a whole run of equal levels, a run that begins or ends a week earlier or later. Where moves are few, all pairs of
 * them are tried: within a pool what one market gives up another can sell.
 */
export class PlanPolish {
  private simulations: StockSimulation[] = [];
  private values = new Float64Array(0);
  private moves = 0;
  private readonly market: number[] = [];
  private readonly target: number[] = [];
  /** Market that moves along, −1 where none does, and its level. */
  private readonly partner: number[] = [];
  private readonly answer: number[] = [];
  private readonly first: number[] = [];
  private readonly last: number[] = [];
  private readonly touched: number[] = [];
  private saved = new Uint8Array(0);
  private problem!: ArticleProblem;

  /**
   * @param problem the article
   * @param level a plan within the limits [M·T]; better ones take its place
   * @param bound no plan is worth more
   * @param enough relative gap to the bound at which nothing more is tried
   * @param rounds rounds over all moves at most, where they are many
   * @returns value of the plan
   */
  polish(problem: ArticleProblem, level: Uint8Array, bound: number, enough: number, rounds = ROUNDS): number {
    this.read(problem, level);
    let value = 0;
    for (let stock = 0; stock < problem.stocks; stock++) value += this.values[stock];
    const isSmall = problem.markets * problem.weeks * problem.levelCount <= SMALL;
    const slack = enough * Math.abs(bound);
    for (let round = 0; round < (isSmall ? SMALL_ROUNDS : rounds) && bound - value > slack; round++) {
      this.list(level);
      const before = value;
      for (let move = 0; move < this.moves; move++) value += this.tryMove(level, move, -1);
      if (value - before > TINY * Math.abs(value)) continue;
      if (!isSmall || this.moves > MOST_PAIRED || bound - value <= slack) break;
      for (let move = 0; move < this.moves; move++) {
        for (let other = 0; other < move; other++) value += this.tryMove(level, move, other);
      }
      if (value - before <= TINY * Math.abs(value)) break;
    }
    return value;
  }

  private read(problem: ArticleProblem, level: Uint8Array): void {
    this.problem = problem;
    while (this.simulations.length < problem.stocks) this.simulations.push(new StockSimulation());
    if (this.values.length < problem.stocks) this.values = new Float64Array(problem.stocks);
    const size = problem.markets * problem.weeks;
    if (this.saved.length < size) this.saved = new Uint8Array(size);
    this.keep(level);
    for (let stock = 0; stock < problem.stocks; stock++) {
      this.simulations[stock].read(problem, stock);
      this.values[stock] = this.simulations[stock].value(level, 0, true);
    }
  }

  private list(level: Uint8Array): void {
    const { markets, weeks, levelCount } = this.problem;
    this.moves = 0;
    const small = markets * weeks * levelCount <= SMALL;
    this.listPairs(level, small ? levelCount : 1);
    for (let market = 0; market < markets; market++) {
      const at = market * weeks;
      if (small) {
        for (let first = 0; first < weeks; first++) {
          for (let last = first; last < weeks; last++) this.toLevels(market, first, last, 0, levelCount - 1);
        }
        continue;
      }
      for (let week = 0; week < weeks;) {
        const own = level[at + week];
        let end = week;
        while (end + 1 < weeks && level[at + end + 1] === own) end++;
        if (end > week) this.toLevels(market, week, end, own - 2, own + 2);
        if (week > 0) this.toLevels(market, week - 1, week - 1, own, own);
        if (end + 1 < weeks) this.toLevels(market, end + 1, end + 1, own, own);
        for (let inner = week; inner <= end; inner++) this.toLevels(market, inner, inner, own - 1, own + 1);
        week = end + 1;
      }
    }
  }

  /** Both markets of a pair whose prices are in order, moved together in one week. */
  private listPairs(level: Uint8Array, reach: number): void {
    const { weeks, levelCount, limits } = this.problem;
    for (let pair = 0; pair < limits.pricePairs; pair++) {
      const market = limits.priceOrder[2 * pair];
      const partner = limits.priceOrder[2 * pair + 1];
      for (let week = 0; week < weeks; week++) {
        const own = level[market * weeks + week];
        const other = level[partner * weeks + week];
        for (
          let target = Math.max(0, own - reach);
          target <= Math.min(levelCount - 1, own + reach);
          target++
        ) {
          for (
            let answer = Math.max(0, other - reach);
            answer <= Math.min(levelCount - 1, other + reach);
            answer++
          ) {
            if (target !== own && answer !== other) this.add(market, target, partner, answer, week, week);
          }
        }
      }
    }
  }

  private toLevels(market: number, first: number, last: number, low: number, high: number): void {
    const { levelCount } = this.problem;
    for (let level = Math.max(0, low); level <= Math.min(levelCount - 1, high); level++) {
      this.add(market, level, -1, 0, first, last);
    }
  }

  private add(
    market: number,
    target: number,
    partner: number,
    answer: number,
    first: number,
    last: number,
  ): void {
    const move = this.moves++;
    this.market[move] = market;
    this.target[move] = target;
    this.partner[move] = partner;
    this.answer[move] = answer;
    this.first[move] = first;
    this.last[move] = last;
  }

  /** Tries one move, or two at once, −1 for none; keeps them where they gain. Returns the gain. */
  private tryMove(level: Uint8Array, one: number, two: number): number {
    this.touched.length = 0;
    if (!this.apply(level, one)) return 0;
    if (two >= 0 && !this.apply(level, two)) {
      this.restore(level);
      return 0;
    }
    let first = this.first[one];
    if (two >= 0) first = Math.min(first, this.first[two]);
    const gain = this.keepsLimits(level) ? this.gainOf(level, first) : 0;
    if (gain > 0) {
      this.keep(level);
      return gain;
    }
    this.restore(level);
    return 0;
  }

  /** Sets a move's levels; false where nothing would change. */
  private apply(level: Uint8Array, move: number): boolean {
    const differs = this.set(level, move, this.market[move], this.target[move]);
    if (this.partner[move] < 0) return differs;
    return this.set(level, move, this.partner[move], this.answer[move]) || differs;
  }

  private set(level: Uint8Array, move: number, market: number, target: number): boolean {
    const { touched } = this;
    const at = market * this.problem.weeks;
    let differs = false;
    for (let week = this.first[move]; week <= this.last[move]; week++) {
      differs ||= level[at + week] !== target;
      level[at + week] = target;
    }
    let isKnown = false;
    for (let index = 0; index < touched.length; index++) isKnown ||= touched[index] === market;
    if (!isKnown) touched.push(market);
    return differs;
  }

  private keep(level: Uint8Array): void {
    const size = this.problem.markets * this.problem.weeks;
    for (let at = 0; at < size; at++) this.saved[at] = level[at];
  }

  private restore(level: Uint8Array): void {
    const { touched, saved } = this;
    const { weeks } = this.problem;
    for (let index = 0; index < touched.length; index++) {
      const at = touched[index] * weeks;
      for (let week = 0; week < weeks; week++) level[at + week] = saved[at + week];
    }
  }

  /** Gain of the levels as they are over the plan last kept; they are kept where it is one. */
  private gainOf(level: Uint8Array, first: number): number {
    const { problem, touched, values, simulations } = this;
    let gain = 0;
    let scale = 0;
    for (let index = 0; index < touched.length; index++) {
      const stock = problem.stockOf[touched[index]];
      if (!this.isFirstOf(index, stock)) continue;
      gain += simulations[stock].value(level, first, false) - values[stock];
      scale += Math.abs(values[stock]);
    }
    if (gain <= TINY * scale) return 0;
    for (const market of touched) {
      const stock = problem.stockOf[market];
      values[stock] = simulations[stock].value(level, first, true);
    }
    return gain;
  }

  private isFirstOf(index: number, stock: number): boolean {
    for (let before = 0; before < index; before++) {
      if (this.problem.stockOf[this.touched[before]] === stock) return false;
    }
    return true;
  }

  private keepsLimits(level: Uint8Array): boolean {
    const { problem } = this;
    for (const market of this.touched) if (!marketKeepsLimits(problem, market, level)) return false;
    if (problem.limits.pricePairs === 0) return true;
    for (let week = 0; week < problem.weeks; week++) {
      if (!weekKeepsPriceOrder(problem, level, week)) return false;
    }
    return true;
  }
}
