import { newArticlePlan } from '../article/article-plan.ts';
import { simulatePlan } from '../article/simulate-plan.ts';
import { ArticleWorkspace, solveArticle } from '../article/solve-article.ts';
import { hashed } from '../coordinator/hashed.ts';
import type { LinkingLimits } from '../coordinator/linking-limits.ts';
import type { ProblemFiller } from '../inputs/fill-problem.ts';

/** How far forecasts are off, and how many articles tell of it. */
export interface OptimismSettings {
  /** Standard deviation of the error of log demand at the list price. */
  readonly levelError: number;
  /** Standard deviation of the error of the response: log demand per −log(1 − discount). */
  readonly responseError: number;
  /** Articles that are planned again, evenly spread. */
  readonly articles: number;
}

/** A fifth off in the level, half a point of elasticity. */
export const OPTIMISM_DEFAULTS: OptimismSettings = { levelError: 0.2, responseError: 0.5, articles: 200 };

/** Sums over articles that were planned again. */
export interface OptimismSums {
  readonly optimism: number;
  readonly profit: number;
}

/**
 * @param sums over articles
 * @param sums.optimism what was promised too much
 * @param sums.profit planned
 * @returns optimism as a share of the planned profit; 0 where they earn nothing
 */
export function optimismShare({ optimism, profit }: OptimismSums): number {
  return profit > 0 ? optimism / profit : 0;
}

/**
 * How much of the planned profit is owed to errors of the forecast that the plan was chosen by (winner's curse), by a parametric
 * bootstrap: the forecasts of some articles are disturbed as they may be off, the articles planned again, and these plans judged by
 * the forecasts as they were. What a plan promises beyond that, less what the old plan does, is its optimism; never below 0.
 * @param filler of the table
 * @param linking limits of the business
 * @param multipliers of their rows
 * @param plans levels of all articles, and where each begins
 * @param plans.levels end to end
 * @param plans.offsets of each article
 * @param settings errors and articles
 * @returns sums over these articles
 */
export function planOptimism(
  filler: ProblemFiller,
  linking: LinkingLimits,
  multipliers: Float64Array,
  { levels, offsets }: { readonly levels: Uint8Array; readonly offsets: Float64Array },
  settings: OptimismSettings = OPTIMISM_DEFAULTS,
): OptimismSums {
  const workspace = new ArticleWorkspace();
  const step = Math.max(1, Math.ceil(filler.articles / settings.articles));
  let [optimism, profit] = [0, 0];
  for (let a = 0; a < filler.articles; a += step) {
    if (!filler.isPriced(a)) continue;
    filler.fill(a);
    const { problem } = filler;
    const { markets, weeks, stocks } = problem;
    const out = newArticlePlan(markets, weeks, stocks);
    const old = levels.slice(offsets[a]!, offsets[a + 1]!);
    profit += simulatePlan(problem, old, out);
    linking.apply(problem, a, multipliers);
    const oldAsIs = simulatePlan(problem, old, out);
    const asIs = problem.demand.slice();
    disturb(problem.demand, problem, settings, a);
    const chosen = solveArticle(problem, workspace).level.slice(0, markets * weeks);
    const promised = simulatePlan(problem, chosen, out);
    const oldPromised = simulatePlan(problem, old, out);
    problem.demand.set(asIs);
    const kept = simulatePlan(problem, chosen, out);
    // Both differences are from 0 where the plans are the best: a plan that misses a little is no negative optimism.
    optimism += Math.max(0, promised - kept - (oldPromised - oldAsIs));
  }
  return { optimism, profit };
}

/** Multiplies demand by errors of mean 1, the same in all weeks of a market. */
function disturb(
  demand: Float64Array,
  { markets, weeks, levelCount, levels }: ProblemFiller['problem'],
  { levelError, responseError }: OptimismSettings,
  article: number,
): void {
  for (let m = 0; m < markets; m++) {
    const [level, response] = [normal(article, m, 0), normal(article, m, 1)];
    for (let l = 0; l < levelCount; l++) {
      const height = -Math.log1p(-levels[l]!);
      const variance = levelError ** 2 + (responseError * height) ** 2;
      const factor = Math.exp(levelError * level + responseError * height * response - variance / 2);
      for (let t = 0; t < weeks; t++) demand[(m * weeks + t) * levelCount + l]! *= factor;
    }
    // A response is never below none: demand does not fall with the discount.
    for (let t = 0; t < weeks; t++)
      for (let l = 1; l < levelCount; l++) {
        const cell = (m * weeks + t) * levelCount + l;
        demand[cell] = Math.max(demand[cell]!, demand[cell - 1]!);
      }
  }
}

/** Standard normal, from a hash (Box and Muller). */
function normal(article: number, market: number, which: number): number {
  const u = Math.max(hashed(article, market, which, 1), 1e-12);
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * hashed(article, market, which, 2));
}
