import { newArticlePlan, type ArticlePlan } from '../article/article-plan.ts';
import type { ArticleProblem } from '../article/article-problem.ts';
import { simulatePlan } from '../article/simulate-plan.ts';
import type { LinkingLimits } from '../coordinator/linking-limits.ts';
import { fixedDiscounts } from '../inputs/article-levels.ts';
import { compileRules } from '../inputs/article-rules.ts';
import type { PriceArticlesOptions, PricedArticles } from '../recommendations/price-articles.ts';
import type { RefusalScope } from './level-refusals.ts';
import { partsByWeek, type Parts, type UnitPrices } from './plan-parts.ts';

/** A plan of an article, with all that is told about it. */
export interface ExplainedPlan {
  readonly plan: ArticlePlan;
  /** By week. */
  readonly parts: readonly Parts[];
  /** Multipliers · use of the rows of the limits of the business [R]. */
  readonly costs: Float64Array;
}

/** One article as it was priced: what it depends on, its plan, and what any other plan of it comes to. */
export class ExplainedProblem {
  readonly scope: RefusalScope;
  /** Without multipliers. */
  readonly problem: ArticleProblem;
  /** Levels of the plan that was chosen [M·T]. */
  readonly chosen: Uint8Array;
  /** What a change of the article has to earn more than holding, and whether it is held. */
  readonly hurdle: number;
  readonly isHeld: boolean;
  /** First week of the article on sale. */
  readonly begin: number;
  readonly #prices: UnitPrices;
  readonly #priced: PricedArticles;
  readonly #article: number;

  /**
   * @param priced plans of all articles
   * @param options that they were priced by
   * @param article row, of one that is priced
   */
  constructor(priced: PricedArticles, options: PriceArticlesOptions, article: number) {
    const { portfolio, table, found } = priced;
    const { limits, settings, planned = null } = options;
    this.#priced = priced;
    this.#article = article;
    this.problem = portfolio.outcome(article, this.#slice(found.levels)).problem;
    this.chosen = this.#slice(found.levels).slice();
    this.hurdle = portfolio.hurdle[article]!;
    this.begin = table.begin[article]!;
    const { levels } = portfolio.filler;
    const rules = compileRules(limits, table);
    const fixed = fixedDiscounts(rules, table, article, planned);
    this.scope = { table, article, rules, levels, fixed, problem: this.problem };
    this.#prices = this.#unitPrices(settings.variableCostShare);
    const { weeks: T, limits: own } = this.problem;
    this.isHeld = this.chosen.every((level, i) => level === own.current[Math.floor(i / T)]);
  }

  /**
   * @param level of a plan [M·T]
   * @returns what it comes to
   */
  explained(level: Uint8Array): ExplainedPlan {
    const { problem } = this;
    const plan = newArticlePlan(problem.markets, problem.weeks, problem.stocks);
    plan.level.set(level);
    simulatePlan(problem, plan.level, plan);
    const { portfolio, found } = this.#priced;
    const costs = new Float64Array(portfolio.rows.length);
    portfolio.linking.use(problem, plan, this.#article, costs, 0);
    costs.forEach((use, r) => (costs[r] = use * found.multipliers[r]!));
    return { plan, parts: partsByWeek(problem, plan, this.#prices), costs };
  }

  /** Limits of the business. */
  get linking(): LinkingLimits {
    return this.#priced.portfolio.linking;
  }

  #slice(levels: Uint8Array): Uint8Array {
    const { planOffsets } = this.#priced.portfolio;
    return levels.subarray(planOffsets[this.#article]!, planOffsets[this.#article + 1]!);
  }

  #unitPrices(variableCostShare: number): UnitPrices {
    const { problem } = this;
    const { table } = this.scope;
    const { markets: M, levelCount: L, weeks: T, stocks: S } = problem;
    const first = table.offsets[this.#article]!;
    const net = Float64Array.from({ length: M * L }, (_, i) => {
      const n = first + Math.floor(i / L);
      const price = (table.blackPrice[n]! * (1 - variableCostShare)) / (1 + table.vat[table.market[n]!]!);
      return price * (1 - problem.levels[i % L]!);
    });
    // What a unit costs at the multipliers is what they take off its margin.
    const { portfolio, found } = this.#priced;
    const [margin, holding] = [problem.margin.slice(0, M * T * L), problem.holding.slice(0, S * T)];
    portfolio.linking.apply(problem, this.#article, found.multipliers);
    const limitCost = margin.map((value, cell) => value - problem.margin[cell]!);
    const leftCost = holding.map((value, i) => problem.holding[i]! - value);
    problem.margin.set(margin);
    problem.holding.set(holding);
    return {
      ...{ net, limitCost, leftCost },
      shipping: table.shippingCost.slice(first, first + M),
      returning: table.returnCost.slice(first, first + M),
    };
  }
}
