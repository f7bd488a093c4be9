import type { ArticleOutcome } from './article-plan.ts';
import type { ArticleProblem } from './article-problem.ts';
import type { MarketProgram } from './market-program.ts';
import { marketKeepsLimits, planKeepsLimits } from './plan-limits.ts';
import { simulatePlan } from './simulate-plan.ts';

/** Levels × weeks × markets up to which every stretch of weeks is moved to every level. */
const SMALL = 64;

/**
 * Moves of one market that another answers: prices in order hold markets in place that would gain together. Each market of a pair
 * is moved, without regard to the order; then its partner is planned anew within it, and what gains is kept.
 * @param problem the article
 * @param level a plan within the limits; better ones take its place [M·T]
 * @param outcome outcome of `level`, kept so
 * @param program plans one market while the others stand
 * @param worths worth of a unit by stock and week
 * @returns whether anything gained
 */
export function answeredMoves(
  problem: ArticleProblem,
  level: Uint8Array,
  outcome: ArticleOutcome,
  program: MarketProgram,
  worths: readonly Float64Array[],
): boolean {
  const { markets, weeks, levelCount, limits, stockOf } = problem;
  const small = markets * weeks * levelCount <= SMALL;
  let hasGained = false;
  const tryMove = (market: number, partner: number, first: number, last: number, target: number): void => {
    if (target < 0 || target >= levelCount) return;
    const saved = level.slice(0, markets * weeks);
    const value = outcome.value;
    level.fill(target, market * weeks + first, market * weeks + last + 1);
    const isPossible =
      marketKeepsLimits(problem, market, level) &&
      program.solve(problem, partner, level, outcome, worths[stockOf[partner]]) > -Infinity &&
      planKeepsLimits(problem, level);
    if (isPossible && simulatePlan(problem, level, outcome) > value + 1e-9 * Math.abs(value)) {
      hasGained = true;
      return;
    }
    level.set(saved);
    if (isPossible) simulatePlan(problem, level, outcome);
  };
  for (let side = 0; side < 2 * limits.pricePairs; side++) {
    const market = limits.priceOrder[side];
    const partner = limits.priceOrder[side ^ 1];
    if (small) {
      for (let first = 0; first < weeks; first++) {
        for (let last = first; last < weeks; last++) {
          for (let target = 0; target < levelCount; target++) tryMove(market, partner, first, last, target);
        }
      }
      continue;
    }
    for (let first = 0; first < weeks;) {
      const own = level[market * weeks + first];
      let last = first;
      while (last + 1 < weeks && level[market * weeks + last + 1] === own) last++;
      tryMove(market, partner, first, last, own - 1);
      tryMove(market, partner, first, last, own + 1);
      first = last + 1;
    }
  }
  return hasGained;
}
