import type { ArticlePortfolio } from '../coordinator/article-portfolio.ts';
import type { Coordination } from '../coordinator/coordinate.ts';
import type { LimitSums } from '../coordinator/limit-measure.ts';
import type { ExplorationTotals } from '../explore/exploration.ts';
import type { DrawnPlans } from '../explore/explore-plans.ts';
import { measurePlans } from '../recommendations/limits-table.ts';
import { OPTIMISM_DEFAULTS, planOptimism, type OptimismSums } from '../recommendations/optimism.ts';
import type { PlanTotals } from '../recommendations/plan-totals.ts';
import { pack, unpack } from './packed-arrays.ts';

/** What the plans of some articles come to. */
export interface BlockSums {
  readonly limits: LimitSums;
  readonly optimism: OptimismSums;
  /** What exploring changes in what is used of the rows of limits, and costs: zeros where nothing is explored. */
  readonly explored: { readonly use: Float64Array; readonly cost: number };
}

/**
 * @param portfolio of a block
 * @param found plans of its articles, before anything is explored: how optimistic plans are is theirs
 * @param explored the same with what was drawn by lot; null: nothing was
 * @returns what they come to, as it is told
 */
export function packSums(
  portfolio: ArticlePortfolio,
  found: Coordination,
  explored: DrawnPlans | null,
): Uint8Array {
  const { levels, multipliers, choice } = found;
  const { filler, linking, planOffsets: offsets } = portfolio;
  const { value, base } = measurePlans(portfolio, explored?.found.levels ?? levels);
  const use = choice.use.map((before, r) => (explored === null ? 0 : explored.found.choice.use[r]! - before));
  const { optimism, profit } = planOptimism(
    ...([filler, linking, multipliers, { levels, offsets }, OPTIMISM_DEFAULTS] as const),
  );
  const cost = explored?.exploration.cost ?? 0;
  return pack({ told: null, arrays: [value, base, Float64Array.of(optimism, profit, cost), use] });
}

/**
 * Adds up blocks, in their order: the same whoever summed up each.
 * @param parts of {@link packSums}, one at least
 * @returns what all plans come to
 */
export function sumOfBlocks(parts: readonly Uint8Array[]): BlockSums {
  const all = parts.map((bytes) => unpack(bytes).arrays as Float64Array[]);
  const sum = (at: number): Float64Array => {
    const total = new Float64Array(all[0]![at]!.length);
    for (const arrays of all) arrays[at]!.forEach((value, i) => (total[i]! += value));
    return total;
  };
  const [optimism, profit, cost] = sum(2);
  return {
    limits: { value: sum(0), base: sum(1) },
    optimism: { optimism: optimism!, profit: profit! },
    explored: { use: sum(3), cost: cost! },
  };
}

/**
 * @param parts totals of blocks, in their order, one at least
 * @returns those of all
 */
export function sumOfTotals(parts: readonly PlanTotals[]): PlanTotals {
  const [first] = parts;
  const sum = (of: (part: PlanTotals) => number): number =>
    parts.reduce((total, part) => total + of(part), 0);
  const unitsByDiscount = first!.unitsByDiscount.map(({ discount }, l) => ({
    ...{ discount, units: sum((part) => part.unitsByDiscount[l]!.units) },
  }));
  return {
    ...{ articles: sum(({ articles }) => articles), compared: sum(({ compared }) => compared) },
    ...{ changed: sum(({ changed }) => changed), profit: sum(({ profit }) => profit) },
    ...{ comparedProfit: sum((part) => part.comparedProfit), heldProfit: sum((part) => part.heldProfit) },
    ...{ unitsLeft: sum((part) => part.unitsLeft), unitsSold: sum((part) => part.unitsSold) },
    reasons: Object.fromEntries(
      Object.keys(first!.reasons).map((reason) => [reason, sum(({ reasons }) => reasons[reason]!)]),
    ),
    unitsByDiscount,
    ...(first!.exploration === undefined
      ? {}
      : { exploration: sumOfExplorations(parts.map(({ exploration }) => exploration!)) }),
  };
}

function sumOfExplorations(parts: readonly ExplorationTotals[]): ExplorationTotals {
  const sum = (of: (part: ExplorationTotals) => number): number =>
    parts.reduce((total, part) => total + of(part), 0);
  return {
    ...{ ...parts[0]!, articles: sum(({ articles }) => articles), series: sum(({ series }) => series) },
    ...{ moved: sum(({ moved }) => moved), cost: sum(({ cost }) => cost) },
  };
}
