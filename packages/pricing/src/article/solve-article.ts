import { DataError } from '@hemline/core';
import { answeredMoves } from './answered-moves.ts';
import { type ArticlePlan, newArticlePlan } from './article-plan.ts';
import type { ArticleProblem } from './article-problem.ts';
import { checkArticle } from './check-article.ts';
import { FirstPlan } from './first-plan.ts';
import { MarketProgram } from './market-program.ts';
import { PathStates } from './path-states.ts';
import { planKeepsLimits } from './plan-limits.ts';
import { PlanPolish } from './polish-plan.ts';
import { PricedPaths } from './priced-paths.ts';
import { simulatePlan } from './simulate-plan.ts';
import { MOST_SEARCHED, StockSolver } from './stock-solver.ts';

/** How much is spent on an article. */
export interface ArticleOptions {
  /** Cells of the grid of stock. */
  readonly cells?: number;
  /** Relative gap at which a plan is good enough. */
  readonly enough?: number;
}

/** Relative gap that is good enough of many free weeks. */
const SEASON_GAP = 3e-3;
/** Rounds over the markets, each planned while the others stand. */
const ROUNDS = 3;
/** Cells of the grid for one market among others: its bound is not asked for. */
const POOL_CELLS = 64;

/** Room in which articles are solved one after the other; what it keeps between them is memory alone. */
export class ArticleWorkspace {
  private readonly enough: number;
  private readonly stockSolver: StockSolver;
  private readonly marketProgram: MarketProgram;
  private readonly poolProgram: MarketProgram;
  private readonly pricedPaths = new PricedPaths();
  private readonly firstPlan = new FirstPlan();
  private readonly planPolish = new PlanPolish();
  private readonly path = new PathStates();
  private readonly worths: Float64Array[] = [];
  private plan = newArticlePlan(1, 1, 1);
  private saved = new Uint8Array(0);

  /** @param options how much is spent on an article */
  constructor(options: ArticleOptions = {}) {
    this.enough = options.enough ?? 1e-3;
    this.stockSolver = new StockSolver(options.cells ?? 128);
    this.marketProgram = new MarketProgram(options.cells ?? 128);
    this.poolProgram = new MarketProgram(POOL_CELLS);
  }

  /**
   * @param problem the article
   * @returns its plan; the next call writes over it
   * @throws {DataError} naming article, market and week where no plan can be made
   */
  solve(problem: ArticleProblem): ArticlePlan {
    checkArticle(problem);
    const { markets, weeks, stocks } = problem;
    this.reserve(markets, weeks, stocks);
    const { plan } = this;
    const { level } = plan;
    let bound = 0;
    let isBound = false;
    for (let stock = 0; stock < stocks; stock++) {
      let own = this.stockSolver.solve(problem, stock, level);
      this.worths[stock] = this.stockSolver.worth.slice(0, weeks + 1);
      if (this.isLimited(problem, stock)) {
        isBound = true;
        own = Math.min(own, this.limitedStock(problem, stock));
      } else if (problem.limits.pricePairs === 0) {
        this.stockSolver.search(problem, stock, level, own, this.enough);
      }
      bound += own;
    }
    if (problem.limits.pricePairs > 0) bound = Math.min(bound, this.orderedPlan(problem, bound));
    else {
      simulatePlan(problem, level, plan);
      if (isBound) bound = Math.min(bound, this.improveMarkets(problem, bound));
      // Of a season whose weeks are free the programme leaves a ten-thousandth: moves are worth their time where more may be missing.
      const isSeason = !isBound && markets * weeks > MOST_SEARCHED;
      const enough = isSeason ? Math.max(this.enough, SEASON_GAP) : this.enough;
      this.planPolish.polish(problem, level, bound, enough, isBound ? undefined : 1);
    }
    simulatePlan(problem, level, plan);
    plan.bound = Math.max(bound, plan.value);
    plan.gap = plan.bound === plan.value ? 0 : (plan.bound - plan.value) / Math.abs(plan.bound);
    return plan;
  }

  private reserve(markets: number, weeks: number, stocks: number): void {
    const { level, left, lateReturns } = this.plan;
    if (level.length >= markets * weeks && left.length >= stocks * weeks && lateReturns.length >= stocks)
      return;
    this.plan = newArticlePlan(markets, weeks, stocks);
    this.saved = new Uint8Array(markets * weeks);
  }

  private isLimited(problem: ArticleProblem, stock: number): boolean {
    for (let market = 0; market < problem.markets; market++) {
      if (problem.stockOf[market] !== stock) continue;
      this.path.read(problem, market);
      if (!this.path.free) return true;
    }
    return false;
  }

  /** Levels of a stock's markets by the price of the stock; returns the bound. */
  private limitedStock(problem: ArticleProblem, stock: number): number {
    const bound = this.pricedPaths.solve(problem, stock, this.worths[stock], this.plan.level);
    if (bound === -Infinity) throw noPlan(problem);
    return bound;
  }

  /**
   * Prices in order between markets: markets hold each other where they stand, so three plans are begun: near the one without the
   * order, with the lower prices as low, and with the higher prices as high as can be. Each is improved, the best is kept.
   */
  private orderedPlan(problem: ArticleProblem, bound: number): number {
    const { plan } = this;
    const { markets, weeks, levelCount, limits } = problem;
    const wanted = plan.level.slice(0, markets * weeks);
    let best = -Infinity;
    let alone = Infinity;
    let bestLevel = wanted;
    for (let start = 0; start < 3; start++) {
      plan.level.set(wanted);
      for (let pair = 0; pair < limits.pricePairs && start > 0; pair++) {
        const market = limits.priceOrder[2 * pair + (start === 1 ? 0 : 1)];
        plan.level.fill(start === 1 ? levelCount - 1 : 0, market * weeks, (market + 1) * weeks);
      }
      if (!planKeepsLimits(problem, plan.level)) this.makeFirst(problem);
      simulatePlan(problem, plan.level, plan);
      alone = Math.min(alone, this.improveMarkets(problem, bound));
      let value = this.planPolish.polish(problem, plan.level, bound, this.enough);
      for (let round = 0; round < ROUNDS; round++) {
        simulatePlan(problem, plan.level, plan);
        if (!answeredMoves(problem, plan.level, plan, this.poolProgram, this.worths)) break;
        value = this.planPolish.polish(problem, plan.level, bound, this.enough);
      }
      if (value <= best) continue;
      best = value;
      bestLevel = plan.level.slice(0, markets * weeks);
    }
    plan.level.set(bestLevel);
    return alone;
  }

  private makeFirst(problem: ArticleProblem): void {
    const found = this.firstPlan.make(problem, this.plan.level);
    if (found === 'none') throw noPlan(problem);
    if (found === 'unknown') {
      throw new DataError(`no plan was found that keeps all limits of article ${problem.article}`, {
        remedy: 'Relax its price order or the limits on its changes.',
      });
    }
  }

  /** Each market's best levels while the others stand, until none gains; returns a bound where one market is all there is. */
  private improveMarkets(problem: ArticleProblem, bound: number): number {
    const { plan, saved } = this;
    const { markets, weeks } = problem;
    let alone = Infinity;
    for (let round = 0; round < ROUNDS; round++) {
      const before = plan.value;
      for (let market = 0; market < markets; market++) {
        const worth = this.worths[problem.stockOf[market]];
        saved.set(plan.level.subarray(market * weeks, (market + 1) * weeks));
        const value = plan.value;
        const program = markets === 1 ? this.marketProgram : this.poolProgram;
        const found = program.solve(problem, market, plan.level, plan, worth);
        if (markets === 1) alone = Math.min(alone, found);
        if (simulatePlan(problem, plan.level, plan) < value) {
          plan.level.set(saved.subarray(0, weeks), market * weeks);
          simulatePlan(problem, plan.level, plan);
        }
      }
      if (markets === 1 || plan.value - before <= 1e-4 * Math.abs(plan.value)) break;
      if (bound - plan.value <= this.enough * Math.abs(bound)) break;
    }
    return alone;
  }
}

/**
 * The levels that earn most of an article, by market and week.
 * @param problem the article
 * @param workspace room, kept from article to article
 * @returns the plan; the workspace's next article writes over it
 * @throws {DataError} naming article, market and week where no plan can be made
 */
export function solveArticle(problem: ArticleProblem, workspace: ArticleWorkspace): ArticlePlan {
  return workspace.solve(problem);
}

function noPlan(problem: ArticleProblem): DataError {
  const { article, markets, weeks } = problem;
  return new DataError(`no plan keeps the limits of article ${article}`, {
    expected: `levels for ${markets} markets and ${weeks} weeks within levels allowed, steps, changes and price order`,
    remedy: 'Its limits contradict each other or the prices fixed for some weeks: relax one of them.',
  });
}
