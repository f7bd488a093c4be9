import type { Counts } from './timelines.ts';

/** Counts of a member of a group. */
export interface CountedRate extends Counts {
  /** Number of what it is part of. */
  readonly group: number;
}

/** Priors of fewer units would trust single units, of more ignore whole articles. */
const LEAST = 2;
const MOST = 100_000;

/**
 * How many units the rate of a group counts as for its members: p (1 − p) / τ², with τ² the variance of true rates within
 * groups by the method of moments. With n units of exposure and group rate p,
 * E Σ n (r − p)² = Σ p (1 − p) (1 − n / N) + τ² Σ n (1 − n / N).
 * @param rates of the members
 * @param groups how many there are
 * @returns units
 */
export function priorStrength(rates: readonly CountedRate[], groups: number): number {
  const exposure = new Float64Array(groups);
  const returned = new Float64Array(groups);
  for (const rate of rates) {
    exposure[rate.group]! += rate.exposure;
    returned[rate.group]! += rate.returned;
  }
  let squares = 0;
  let chance = 0;
  let scale = 0;
  let variance = 0;
  let mass = 0;
  for (const { returned: back, exposure: units, group } of rates) {
    if (!(units > 0)) continue;
    const mean = Math.min(1, returned[group]! / exposure[group]!);
    const rest = 1 - units / exposure[group]!;
    squares += units * (back / units - mean) ** 2;
    chance += mean * (1 - mean) * rest;
    scale += units * rest;
    variance += units * mean * (1 - mean);
    mass += units;
  }
  const between = scale > 0 ? (squares - chance) / scale : 0;
  if (!(between > 0)) return MOST;
  return Math.min(MOST, Math.max(LEAST, variance / mass / between));
}
