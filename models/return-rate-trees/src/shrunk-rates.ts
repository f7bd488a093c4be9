import type { CountColumns, ItemCounts, Level } from './counts.ts';

/** Units that the rate of the level above counts as, by level. */
export interface Strengths {
  readonly market: number;
  readonly group: number;
  readonly brand: number;
  readonly article: number;
}

/** Rates, each shrunk toward the one above, as log odds: a column a level, an item a row. */
export type ShrunkRates = Readonly<Record<'own' | 'others' | 'group' | 'brand', Float64Array>>;

/** Log odds stay finite where nothing, or all, came back. */
const LEAST = 1e-4;
/** Priors of fewer units would trust single units, of more ignore whole articles. */
const [LEAST_STRENGTH, MOST_STRENGTH] = [2, 100_000];

/**
 * Rates of items by empirical Bayes: all → market → group × market → article.
 * @param counts of the items and of what they are part of
 * @param strengths of the levels
 * @returns log odds
 */
export function shrunkRates(counts: ItemCounts, strengths: Strengths): ShrunkRates {
  const { length } = counts;
  const rates = {
    own: new Float64Array(length),
    others: new Float64Array(length),
    group: new Float64Array(length),
    brand: new Float64Array(length),
  };
  const shrink = (level: Level, row: number, prior: number, strength: number): number =>
    (counts.returned[level][row]! + strength * prior) / (counts.exposure[level][row]! + strength);
  for (let row = 0; row < length; row++) {
    // Before anything is known the odds are even, with the weight of one unit.
    const all = shrink('all', row, 0.5, 1);
    const market = shrink('market', row, all, strengths.market);
    const group = shrink('group', row, market, strengths.group);
    rates.own[row] = logit(shrink('own', row, group, strengths.article));
    rates.others[row] = logit(shrink('others', row, group, strengths.article));
    rates.group[row] = logit(group);
    rates.brand[row] = logit(shrink('brand', row, all, strengths.brand)) - logit(all);
  }
  return rates;
}

/**
 * How many units the rate of a group counts as for its members: p (1 − p) / τ², with τ² the variance of true rates within
 * groups by the method of moments. With n units of exposure and group rate p,
 * E Σ n (r − p)² = Σ p (1 − p) (1 − n / N) + τ² Σ n (1 − n / N).
 * @param members their counts
 * @param members.returned units that came back
 * @param members.exposure units sold that have had time to
 * @param groups number of what each member is part of
 * @param count of the groups
 * @returns units
 */
export function priorStrength(
  { returned, exposure }: CountColumns,
  groups: Int32Array,
  count: number,
): number {
  const ofGroup = { returned: new Float64Array(count), exposure: new Float64Array(count) };
  groups.forEach((group, member) => {
    ofGroup.exposure[group]! += exposure[member]!;
    ofGroup.returned[group]! += returned[member]!;
  });
  let [squares, chance, scale, variance, mass] = [0, 0, 0, 0, 0];
  groups.forEach((group, member) => {
    const units = exposure[member]!;
    if (!(units > 0)) return;
    const mean = Math.min(1, ofGroup.returned[group]! / ofGroup.exposure[group]!);
    const rest = 1 - units / ofGroup.exposure[group]!;
    squares += units * (returned[member]! / units - mean) ** 2;
    chance += mean * (1 - mean) * rest;
    scale += units * rest;
    variance += units * mean * (1 - mean);
    mass += units;
  });
  const between = scale > 0 ? (squares - chance) / scale : 0;
  if (!(between > 0)) return MOST_STRENGTH;
  return Math.min(MOST_STRENGTH, Math.max(LEAST_STRENGTH, variance / mass / between));
}

function logit(rate: number): number {
  const p = Math.min(1 - LEAST, Math.max(LEAST, rate));
  return Math.log(p / (1 - p));
}
