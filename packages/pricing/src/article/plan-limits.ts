import type { ArticleProblem } from './article-problem.ts';

/** Discounts that differ by less count as the same step. */
export const STEP_TOLERANCE = 1e-9;

/**
 * @param problem the article
 * @param market a market
 * @param before its level in the week before
 * @param after its level in the week
 * @returns whether the step is allowed by direction and size, whatever the number of changes
 */
export function stepAllowed(problem: ArticleProblem, market: number, before: number, after: number): boolean {
  const { limits, levels } = problem;
  if (limits.deepenOnly[market] === 1 && after < before) return false;
  return Math.abs(levels[after] - levels[before]) <= limits.largestStep[market] + STEP_TOLERANCE;
}

/**
 * @param problem the article
 * @param market a market
 * @param level levels [M·T]
 * @returns whether this market's plan keeps its own limits (price order apart)
 */
export function marketKeepsLimits(problem: ArticleProblem, market: number, level: Uint8Array): boolean {
  const { weeks, levelCount, limits } = problem;
  const between = limits.weeksBetween[market];
  let changesLeft = limits.maximumChanges[market];
  let sinceChange = limits.weeksSinceChange[market] < 0 ? Infinity : limits.weeksSinceChange[market];
  let before = limits.current[market];
  for (let week = 0; week < weeks; week++) {
    const chosen = level[market * weeks + week];
    if (limits.allowed[(market * weeks + week) * levelCount + chosen] !== 1) return false;
    if (before >= 0 && chosen !== before) {
      if (!stepAllowed(problem, market, before, chosen) || changesLeft === 0) return false;
      if (sinceChange < between) return false;
      if (changesLeft > 0) changesLeft--;
      sinceChange = 0;
    }
    before = chosen;
    sinceChange++;
  }
  return true;
}

/**
 * @param problem the article
 * @param level levels [M·T]
 * @param week a week
 * @returns whether all pairs of prices are in order in that week
 */
export function weekKeepsPriceOrder(problem: ArticleProblem, level: Uint8Array, week: number): boolean {
  const { weeks, levelCount } = problem;
  const { priceOrder, pricePairs, price } = problem.limits;
  for (let pair = 0; pair < pricePairs; pair++) {
    const low = priceOrder[2 * pair] * weeks + week;
    const high = priceOrder[2 * pair + 1] * weeks + week;
    if (!inOrder(price[low * levelCount + level[low]], price[high * levelCount + level[high]])) return false;
  }
  return true;
}

/**
 * @param low price that has to be the lower one
 * @param high price that has to be the higher one
 * @returns whether they are in order, to rounding
 */
export function inOrder(low: number, high: number): boolean {
  return low <= high + 1e-9 * Math.abs(high);
}

/**
 * @param problem the article
 * @param level levels [M·T]
 * @returns whether the plan keeps every limit of the article
 */
export function planKeepsLimits(problem: ArticleProblem, level: Uint8Array): boolean {
  for (let market = 0; market < problem.markets; market++) {
    if (!marketKeepsLimits(problem, market, level)) return false;
  }
  for (let week = 0; week < problem.weeks; week++) {
    if (!weekKeepsPriceOrder(problem, level, week)) return false;
  }
  return true;
}
