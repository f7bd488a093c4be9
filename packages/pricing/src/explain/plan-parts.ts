import type { ArticlePlan } from '../article/article-plan.ts';
import type { ArticleProblem } from '../article/article-problem.ts';

/** What a plan earns, part by part; costs are negative. */
export interface Parts {
  /** Net price of the units sold, before any comes back. */
  readonly sales: number;
  /** Net price of the units that come back, and what that costs. */
  readonly returns: number;
  readonly shipping: number;
  /** Worth of the units that are left after the last week, or come back later. */
  readonly left: number;
  /** What is used of the limits of the business, at their multipliers. */
  readonly limits: number;
  /** All of them. */
  readonly total: number;
}

/** Names of the parts, in the order in which they are told. */
export const PART_NAMES = ['sales', 'returns', 'shipping', 'left', 'limits', 'total'] as const;

/** What single units earn and cost, besides what an `ArticleProblem` has of it. M markets, T weeks, L levels. */
export interface UnitPrices {
  /** Net price, by market and level [M·L]. */
  readonly net: Float64Array;
  /** Of one unit, by market [M]. */
  readonly shipping: Float64Array;
  readonly returning: Float64Array;
  /** Multipliers · use of a unit sold [M·T·L], and of a unit left after the week [S·T]. */
  readonly limitCost: Float64Array;
  readonly leftCost: Float64Array;
}

/**
 * Splits what a plan earns into parts, week by week. They sum to the value of the plan less multipliers · use.
 * @param problem without multipliers
 * @param plan as it was simulated
 * @param prices of units
 * @returns parts of each week; what is left at the end is of the last one
 */
export function partsByWeek(
  problem: ArticleProblem,
  plan: ArticlePlan,
  prices: UnitPrices,
): readonly Parts[] {
  const { markets: M, weeks: T, levelCount: L, stocks: S } = problem;
  return Array.from({ length: T }, (_, t): Parts => {
    let [sales, returns, shipping, left, limits] = [0, 0, 0, 0, 0];
    for (let m = 0; m < M; m++) {
      const l = plan.level[m * T + t]!;
      const cell = (m * T + t) * L + l;
      const units = plan.sales[m * T + t]!;
      const net = prices.net[m * L + l]!;
      sales += units * net;
      returns -= units * problem.returnRate[cell]! * (net + prices.returning[m]!);
      shipping -= units * prices.shipping[m]!;
      limits -= units * prices.limitCost[cell]!;
    }
    for (let s = 0; s < S; s++) {
      const units = plan.left[s * T + t]!;
      limits -= units * prices.leftCost[s * T + t]!;
      if (t === T - 1) left += problem.residual[s]! * (units + plan.lateReturns[s]!);
    }
    return { sales, returns, shipping, left, limits, total: sales + returns + shipping + left + limits };
  });
}

/**
 * @param weeks parts of each
 * @returns their sums
 */
export function sumOf(weeks: readonly Parts[]): Parts {
  return combined((name) => weeks.reduce((sum, parts) => sum + parts[name], 0));
}

/**
 * @param one parts
 * @param other parts to take off
 * @returns what the one earns more
 */
export function difference(one: Parts, other: Parts): Parts {
  return combined((name) => one[name] - other[name]);
}

function combined(of: (name: (typeof PART_NAMES)[number]) => number): Parts {
  return {
    ...{ sales: of('sales'), returns: of('returns'), shipping: of('shipping') },
    ...{ left: of('left'), limits: of('limits'), total: of('total') },
  };
}
