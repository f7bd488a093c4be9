import { newArticlePlan, type ArticlePlan } from '../article/article-plan.ts';
import type { ArticleProblem } from '../article/article-problem.ts';
import { planKeepsLimits } from '../article/plan-limits.ts';
import { simulatePlan } from '../article/simulate-plan.ts';
import { ArticleWorkspace, solveArticle } from '../article/solve-article.ts';
import type { ProblemFiller } from '../inputs/fill-problem.ts';
import { hashed } from './hashed.ts';
import type { LinkingLimits } from './linking-limits.ts';
import type { Evaluation, LinkingRow, Portfolio } from './linking-row.ts';
import { isSampled } from './sampled-portfolio.ts';

/** Tries to find a variation of a plan that its limits permit. */
const TRIES = 8;

/** A run of articles, the end excluded. */
export interface ArticleShare {
  readonly from: number;
  readonly to: number;
}

/** What holding today's discounts comes to. */
interface Holding {
  /** 1 where today's discounts are known and may be held [A]. */
  readonly isThere: Uint8Array;
  readonly profit: Float64Array;
  readonly use: Float64Array;
  /** What no plan of the article is worth less than [A]. */
  readonly least: Float64Array;
  /** Today's levels in all weeks, from {@link Portfolio.planOffsets}. */
  readonly levels: Uint8Array;
}

/**
 * The articles of a table as a portfolio. A plan other than to hold has to earn more by a minimum: it is taken off what it earns in the
 * choice, and is not part of any profit that is told.
 */
export class ArticlePortfolio implements Portfolio {
  readonly rows: readonly LinkingRow[];
  readonly planOffsets: Float64Array;
  /** What a plan other than to hold has to earn more [A]. */
  readonly hurdle: Float64Array;
  readonly filler: ProblemFiller;
  readonly linking: LinkingLimits;
  readonly #workspace = new ArticleWorkspace();
  readonly #holding: Holding;
  readonly #share: ArticleShare;
  #plan: ArticlePlan = newArticlePlan(1, 1, 1);

  /**
   * @param filler of the table, whose limits were checked
   * @param linking limits of the business
   * @param minimumGain fraction of what holding earns that a change has to earn more
   * @param share articles that are solved here, all by default; of the others evaluations hold zeros
   */
  constructor(
    filler: ProblemFiller,
    linking: LinkingLimits,
    minimumGain: number,
    share: ArticleShare = { from: 0, to: filler.articles },
  ) {
    this.#share = share;
    this.filler = filler;
    this.linking = linking;
    this.rows = linking.rows;
    const A = filler.articles;
    this.planOffsets = new Float64Array(A + 1);
    this.hurdle = new Float64Array(A);
    for (let a = 0; a < A; a++) this.planOffsets[a + 1] = this.planOffsets[a]! + filler.planLength(a);
    this.#holding = {
      ...{ isThere: new Uint8Array(A), profit: new Float64Array(A), least: new Float64Array(A) },
      ...{ use: new Float64Array(A * this.rows.length), levels: new Uint8Array(this.planOffsets[A]!) },
    };
    for (let a = 0; a < A; a++) {
      if (!this.#isMine(a)) continue;
      filler.fill(a);
      this.#holding.least[a] = leastProfit(filler.problem);
      const plan = this.#planFor(filler.problem);
      if (!holdPlan(filler.problem, plan.level)) continue;
      this.#holding.isThere[a] = 1;
      const length = filler.planLength(a);
      this.#holding.levels.set(plan.level.subarray(0, length), this.planOffsets[a]!);
      this.#holding.profit[a] = simulatePlan(filler.problem, plan.level, plan);
      linking.use(filler.problem, plan, a, this.#holding.use, a * this.rows.length);
      this.hurdle[a] = minimumGain * Math.abs(this.#holding.profit[a]!);
      this.#holding.least[a]! -= this.hurdle[a]!;
    }
  }

  evaluate(multipliers: Float64Array, every = 1): Promise<Evaluation> {
    const found = this.#empty();
    for (let a = 0; a < this.filler.articles; a++)
      if (this.#isMine(a) && isSampled(a, every)) this.#solve(a, multipliers, found);
    return Promise.resolve(found);
  }

  known(first: Evaluation): Promise<readonly Evaluation[]> {
    return Promise.resolve([withHeld(this, first, this.held())]);
  }

  /**
   * To hold today's discounts, whatever the multipliers.
   * @returns these plans; the profit of an article without one is NaN, and bounds are what no plan is worth less than
   */
  held(): Evaluation {
    const found = this.#empty();
    found.profit.fill(NaN);
    found.bound.set(this.#holding.least);
    for (let a = 0; a < this.filler.articles; a++) if (this.#holding.isThere[a] === 1) this.#hold(a, found);
    return found;
  }

  vary(levels: Uint8Array, round: number): Promise<Evaluation> {
    const found = this.#empty();
    for (let a = 0; a < this.filler.articles; a++) {
      if (!this.#isMine(a)) continue;
      this.filler.fill(a);
      const { problem } = this.filler;
      const plan = this.#planFor(problem);
      const own = levels.subarray(this.planOffsets[a]!, this.planOffsets[a + 1]!);
      for (let attempt = 0; attempt < TRIES; attempt++) {
        plan.level.set(own);
        varyPlan(problem, plan.level, (k) => hashed(round, a, attempt, k));
        if (planKeepsLimits(problem, plan.level)) break;
        if (attempt === TRIES - 1) plan.level.set(own);
      }
      this.#keep(a, plan, simulatePlan(problem, plan.level, plan), found);
    }
    return Promise.resolve(found);
  }

  /**
   * What the plan of an article comes to, its sales and stock.
   * @param article row, of one that is priced
   * @param levels of the plan
   * @returns the problem, without multipliers, and the plan; the next call writes over both
   */
  outcome(
    article: number,
    levels: Uint8Array,
  ): { readonly problem: ArticleProblem; readonly plan: ArticlePlan } {
    this.filler.fill(article);
    const { problem } = this.filler;
    const plan = this.#planFor(problem);
    plan.level.set(levels);
    simulatePlan(problem, plan.level, plan);
    return { problem, plan };
  }

  /**
   * @param article row
   * @returns profit of holding today's discounts; NaN where there are none, or limits forbid it
   */
  heldProfit(article: number): number {
    return this.#holding.isThere[article] === 1 ? this.#holding.profit[article]! : NaN;
  }

  /**
   * @param found an evaluation of this portfolio
   * @returns its share alone
   */
  sliced({ profit, use, bound, levels }: Evaluation): Evaluation {
    const { from, to } = this.#share;
    const R = this.rows.length;
    return {
      ...{ profit: profit.slice(from, to), use: use.slice(from * R, to * R), bound: bound.slice(from, to) },
      levels: levels.slice(this.planOffsets[from]!, this.planOffsets[to]!),
    };
  }

  #isMine(a: number): boolean {
    return a >= this.#share.from && a < this.#share.to && this.filler.isPriced(a);
  }

  #solve(a: number, multipliers: Float64Array, found: Evaluation): void {
    this.filler.fill(a);
    const { problem } = this.filler;
    this.linking.apply(problem, a, multipliers);
    const plan = solveArticle(problem, this.#workspace);
    const R = this.rows.length;
    const at = a * R;
    this.linking.use(problem, plan, a, found.use, at);
    let cost = 0;
    for (let r = 0; r < R; r++) cost += multipliers[r]! * found.use[at + r]!;
    const isHeld = isHoldPlan(problem, plan.level);
    found.profit[a] = plan.value + cost - (isHeld ? 0 : this.hurdle[a]!);
    found.bound[a] = plan.bound - this.hurdle[a]!;
    found.levels.set(plan.level.subarray(0, problem.markets * problem.weeks), this.planOffsets[a]!);
    if (this.#holding.isThere[a] === 0) return;
    let held = this.#holding.profit[a]!;
    for (let r = 0; r < R; r++) held -= multipliers[r]! * this.#holding.use[at + r]!;
    found.bound[a] = Math.max(found.bound[a]!, held);
    if (held >= found.profit[a]! - cost) this.#hold(a, found);
  }

  #hold(a: number, found: Evaluation): void {
    const R = this.rows.length;
    const [from, to] = [this.planOffsets[a]!, this.planOffsets[a + 1]!];
    found.levels.set(this.#holding.levels.subarray(from, to), from);
    found.profit[a] = this.#holding.profit[a]!;
    for (let r = 0; r < R; r++) found.use[a * R + r] = this.#holding.use[a * R + r]!;
  }

  #keep(a: number, plan: ArticlePlan, value: number, found: Evaluation): void {
    const { problem } = this.filler;
    found.profit[a] = value - (isHoldPlan(problem, plan.level) ? 0 : this.hurdle[a]!);
    this.linking.use(problem, plan, a, found.use, a * this.rows.length);
    found.levels.set(plan.level.subarray(0, problem.markets * problem.weeks), this.planOffsets[a]!);
  }

  #planFor({ markets, weeks, stocks }: ArticleProblem): ArticlePlan {
    if (this.#plan.level.length < markets * weeks || this.#plan.left.length < stocks * weeks)
      this.#plan = newArticlePlan(markets, weeks, markets);
    return this.#plan;
  }

  #empty(): Evaluation {
    const A = this.filler.articles;
    return {
      ...{ profit: new Float64Array(A), use: new Float64Array(A * this.rows.length) },
      ...{ bound: new Float64Array(A), levels: new Uint8Array(this.planOffsets[A]!) },
    };
  }
}

/**
 * @param portfolio whose plans they are
 * @param first plans of all articles
 * @param held of {@link ArticlePortfolio.held}
 * @returns the held plans, and the first of an article without one
 */
export function withHeld(
  { planOffsets, rows }: Pick<Portfolio, 'planOffsets' | 'rows'>,
  first: Evaluation,
  held: Evaluation,
): Evaluation {
  const R = rows.length;
  const found: Evaluation = {
    ...{ profit: first.profit.slice(), use: first.use.slice() },
    ...{ bound: held.bound, levels: first.levels.slice() },
  };
  for (let a = 0; a < held.profit.length; a++) {
    if (Number.isNaN(held.profit[a])) continue;
    const [from, to] = [planOffsets[a]!, planOffsets[a + 1]!];
    found.profit[a] = held.profit[a]!;
    found.use.set(held.use.subarray(a * R, (a + 1) * R), a * R);
    found.levels.set(held.levels.subarray(from, to), from);
  }
  return found;
}

/** Nothing is worth less than to sell all that is asked for, where selling loses most: what is left has no negative worth. */
function leastProfit({ markets, weeks, levelCount, margin, demand, limits }: ArticleProblem): number {
  let sum = 0;
  for (let week = 0; week < markets * weeks; week++) {
    let least = 0;
    for (let cell = week * levelCount; cell < (week + 1) * levelCount; cell++)
      if (limits.allowed[cell] === 1) least = Math.min(least, margin[cell]! * demand[cell]!);
    sum += least;
  }
  return sum;
}

/** Writes today's discounts into a plan. @returns whether they are known and may be held */
function holdPlan(problem: ArticleProblem, level: Uint8Array): boolean {
  const { markets, weeks, limits } = problem;
  for (let m = 0; m < markets; m++) {
    if (limits.current[m] === -1) return false;
    level.fill(limits.current[m]!, m * weeks, (m + 1) * weeks);
  }
  return planKeepsLimits(problem, level);
}

function isHoldPlan({ markets, weeks, limits }: ArticleProblem, level: Uint8Array): boolean {
  for (let m = 0; m < markets; m++)
    for (let t = 0; t < weeks; t++) if (level[m * weeks + t] !== limits.current[m]) return false;
  return true;
}

/** Moves a run of weeks of a market one level up or down. */
function varyPlan(
  { markets, weeks, levelCount }: ArticleProblem,
  level: Uint8Array,
  draw: (k: number) => number,
): void {
  const m = Math.floor(markets * draw(0));
  const from = Math.floor(weeks * draw(1));
  const until = from + 1 + Math.floor((weeks - from) * draw(2));
  const step = draw(3) < 0.5 ? -1 : 1;
  for (let t = from; t < until; t++) {
    const at = m * weeks + t;
    level[at] = Math.min(levelCount - 1, Math.max(0, level[at]! + step));
  }
}
