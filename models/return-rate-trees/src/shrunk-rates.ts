import type { Counts } from './timelines.ts';

/** Units that the rate of the level above counts as, by level. */
export interface Strengths {
  readonly market: number;
  readonly group: number;
  readonly brand: number;
  readonly article: number;
}

/** Counts of an item and of what it is part of. */
export interface ItemCounts {
  /** The article in this market. */
  readonly own: Counts;
  /** The article in the other markets. */
  readonly others: Counts;
  /** Group × market. */
  readonly group: Counts;
  readonly market: Counts;
  readonly brand: Counts;
  readonly all: Counts;
}

/** Rates, each shrunk toward the one above, as log odds. */
export interface ShrunkRates {
  readonly own: number;
  readonly others: number;
  readonly group: number;
  readonly brand: number;
}

/** Log odds stay finite where nothing, or all, came back. */
const LEAST = 1e-4;

/**
 * Rates of an item by empirical Bayes: all → market → group × market → article.
 * @param counts of the item and of what it is part of
 * @param strengths of the levels
 * @returns log odds
 */
export function shrunkRates(counts: ItemCounts, strengths: Strengths): ShrunkRates {
  // Before anything is known the odds are even, with the weight of one unit.
  const all = shrink(counts.all, 0.5, 1);
  const market = shrink(counts.market, all, strengths.market);
  const group = shrink(counts.group, market, strengths.group);
  return {
    own: logit(shrink(counts.own, group, strengths.article)),
    others: logit(shrink(counts.others, group, strengths.article)),
    group: logit(group),
    brand: logit(shrink(counts.brand, all, strengths.brand)) - logit(all),
  };
}

function shrink({ returned, exposure }: Counts, prior: number, strength: number): number {
  return (returned + strength * prior) / (exposure + strength);
}

function logit(rate: number): number {
  const p = Math.min(1 - LEAST, Math.max(LEAST, rate));
  return Math.log(p / (1 - p));
}
