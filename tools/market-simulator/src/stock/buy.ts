import { dirichlet, lognormalFactor } from '../random/continuous.ts';
import { uniform } from '../random/stream.ts';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** What a buyer goes by when the stock is ordered, long before the launch. */
export interface BuyBasis {
  /** Expected undiscounted demand of each week of the article's life. */
  readonly weeklyDemand: Float64Array;
  /** Share of the units that is expected to come back and be sold again. */
  readonly returnRate: number;
  /** The article's true size shares; the buyer believes something near. */
  readonly sizes: Float64Array;
  readonly evergreen: boolean;
  /** Share by which more is bought than that. */
  readonly overstock: number;
}

const BUYER_ERROR = 0.4;
const SIZE_CONCENTRATION = 400;
const MARKDOWN_ALLOWANCE = 1.45;
const RESALE_SHARE = 0.5;
const FIRST_SHARE = 0.75;
const EVERGREEN_FIRST_WEEKS = 14;
const EVERGREEN_STEP = 8;

/**
 * Orders all stock of an article for one market at once: most of it for the launch and one later delivery, or, for an
 * evergreen article, a first stock and a delivery every eight weeks. The buyer misjudges demand (lognormal, deviation
 * 0.4) and the size curve, so that some articles sell out and others have to be marked down.
 * @param random the stream
 * @param basis what is expected
 * @param deliveries filled: units by week of life and size, `[week * sizes + size]`; zero on entry
 */
export function orderStock(random: RandomGenerator, basis: BuyBasis, deliveries: Float64Array): void {
  const { weeklyDemand, sizes, evergreen } = basis;
  const judgement =
    lognormalFactor(random, BUYER_ERROR) * (1 - RESALE_SHARE * basis.returnRate) * (1 + basis.overstock);
  const believed = dirichlet(random, sizes, SIZE_CONCENTRATION);
  const life = weeklyDemand.length;
  const demand = (from: number, to: number): number => {
    let sum = 0;
    for (let age = from; age < Math.min(to, life); age++) sum += weeklyDemand[age]!;
    return sum * judgement;
  };
  const deliver = (age: number, units: number, least: number): void => {
    believed.forEach((share, size) => {
      deliveries[age * sizes.length + size] = Math.max(least, Math.round(share * units));
    });
  };
  if (evergreen) {
    deliver(0, demand(0, EVERGREEN_FIRST_WEEKS), 1);
    for (let age = EVERGREEN_STEP; age + EVERGREEN_STEP < life; age += EVERGREEN_STEP)
      deliver(age, demand(age + 6, age + 6 + EVERGREEN_STEP), 0);
    return;
  }
  const units = demand(0, life) * MARKDOWN_ALLOWANCE;
  const later = 4 + Math.floor(5 * uniform(random));
  const split = later < life - 4 ? FIRST_SHARE : 1;
  deliver(0, units * split, 1);
  if (split < 1) deliver(later, units * (1 - split), 0);
}
