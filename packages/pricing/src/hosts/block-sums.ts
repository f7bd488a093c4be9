import type { ArticlePortfolio } from '../coordinator/article-portfolio.ts';
import type { Coordination } from '../coordinator/coordinate.ts';
import type { LimitSums } from '../coordinator/limit-measure.ts';
import { measurePlans } from '../recommendations/limits-table.ts';
import { OPTIMISM_DEFAULTS, planOptimism, type OptimismSums } from '../recommendations/optimism.ts';
import type { PlanTotals } from '../recommendations/plan-totals.ts';
import { pack, unpack } from './packed-arrays.ts';

/** What the plans of some articles come to. */
export interface BlockSums {
  readonly limits: LimitSums;
  readonly optimism: OptimismSums;
}

/**
 * @param portfolio of a block
 * @param found plans of its articles
 * @returns what they come to, as it is told
 */
export function packSums(portfolio: ArticlePortfolio, found: Coordination): Uint8Array {
  const { levels, multipliers } = found;
  const { filler, linking, planOffsets: offsets } = portfolio;
  const { value, base } = measurePlans(portfolio, levels);
  const { optimism, profit } = planOptimism(
    ...([filler, linking, multipliers, { levels, offsets }, OPTIMISM_DEFAULTS] as const),
  );
  return pack({ told: null, arrays: [value, base, Float64Array.of(optimism, profit)] });
}

/**
 * Adds up blocks, in their order: the same whoever summed up each.
 * @param parts of {@link packSums}, one at least
 * @returns what all plans come to
 */
export function sumOfBlocks(parts: readonly Uint8Array[]): BlockSums {
  const all = parts.map((bytes) => unpack(bytes).arrays as [Float64Array, Float64Array, Float64Array]);
  const sum = (at: 0 | 1 | 2): Float64Array => {
    const total = new Float64Array(all[0]![at].length);
    for (const arrays of all) arrays[at].forEach((value, i) => (total[i]! += value));
    return total;
  };
  const [optimism, profit] = sum(2);
  return {
    limits: { value: sum(0), base: sum(1) },
    optimism: { optimism: optimism!, profit: profit! },
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
  };
}
