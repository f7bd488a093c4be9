import type { ExplorePlansSettings } from '@hemline/pricing';

/** How much of what is planned is explored. */
export interface Exploring {
  /** Share of the planned articles, at most, in (0, 1]. */
  readonly share: number;
  /** Levels up and down from the plan, at most. */
  readonly step: number;
}

/**
 * @param policy that plans
 * @param exploring of its plans; null: not
 * @returns its name: `price:demand-trees+explore-5` explores 5 % of the articles by one level, `…+explore-5x2` by up to two
 */
export function exploringName(policy: string, exploring: Exploring | null): string {
  if (exploring === null) return policy;
  const { share, step } = exploring;
  return `${policy}+explore-${Number((100 * share).toFixed(6))}${step === 1 ? '' : `x${step}`}`;
}

/**
 * @param policy by its name
 * @returns name of the policy that sets what this one plans; null where it explores nothing
 */
export function withoutExploring(policy: string): string | null {
  return /^(.+)\+explore-[\dx.]+$/.exec(policy)?.[1] ?? null;
}

/**
 * @param name of the policy: what drew. Weeks of a season that could have had the same discounts are one experiment, as the level of
 *   demand is allowed for and the draw depends on nothing else
 * @param exploring of its plans; null: not
 * @param seed of the draws
 * @returns settings of the exploration
 */
export function explorationOf(
  name: string,
  exploring: Exploring | null,
  seed: number,
): ExplorePlansSettings | null {
  return exploring === null ? null : { ...exploring, seed, experiment: name };
}
