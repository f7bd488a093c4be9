/**
 * The share of all units sold that is back k weeks after the sale, given hazards: F(k) = 1 − Π_{j ≤ k} (1 − h_j)
 * (Kaplan & Meier 1958, Journal of the American Statistical Association 53, 457–481).
 * @param hazards h_0 … h_K
 * @returns F(0) … F(K)
 */
export function cumulativeIncidence(hazards: Float64Array): Float64Array {
  let surviving = 1;
  return hazards.map((hazard) => {
    surviving *= 1 - hazard;
    return 1 - surviving;
  });
}

/**
 * How the units that come back spread over the lags: f_k / F(K), f_k = h_k Π_{j < k} (1 − h_j).
 * @param hazards h_0 … h_K, not all 0
 * @returns shares that sum to 1
 */
export function returnTimeShares(hazards: Float64Array): Float64Array {
  let surviving = 1;
  let total = 0;
  const mass = hazards.map((hazard) => {
    const here = surviving * hazard;
    surviving -= here;
    total += here;
    return here;
  });
  return mass.map((here) => here / total);
}

/** Units at risk and returned, `width` lags for every node of a level. */
export interface RiskSets {
  readonly width: number;
  /** Units sold whose cohort has reached the lag and that had not come back before. */
  readonly atRisk: Float64Array;
  /** Of these, units that came back at the lag. */
  readonly events: Float64Array;
}

/**
 * Hazards of the nodes as observed. Missing weeks of sales can leave a node with more returns than units at risk; then
 * all that were at risk came back.
 * @param sets counts of a level
 * @returns h by node and lag, 0 where nobody was at risk
 */
export function observedHazards(sets: RiskSets): Float64Array {
  return sets.events.map((events, cell) => (events === 0 ? 0 : events / exposure(sets, cell)));
}

/**
 * The strength of the prior of a level's hazards in units, κ = 1 / ρ − 1, with ρ the correlation of units of one node.
 * Moment estimator of Kleinman (1973, Journal of the American Statistical Association 68, 46–54) for beta-binomial
 * proportions, weighted by units and pooled over lags and parents:
 *
 *   E Σ n (ĥ − ĥ_above)² / (h (1 − h)) = Σ (1 − n / N) (1 + (n − 1) ρ).
 * @param sets counts of the level
 * @param above counts of the level above
 * @param parent of each node
 * @returns κ; infinite where the nodes differ no more than chance allows
 */
export function hazardStrength(sets: RiskSets, above: RiskSets, parent: Int32Array): number {
  const own = observedHazards(sets);
  const theirs = observedHazards(above);
  const total = new Float64Array(theirs.length);
  for (let cell = 0; cell < own.length; cell++)
    total[parentCell(cell, sets.width, parent)]! += exposure(sets, cell);
  let squares = 0;
  let chance = 0;
  let slope = 0;
  for (let cell = 0; cell < own.length; cell++) {
    const up = parentCell(cell, sets.width, parent);
    const units = exposure(sets, cell);
    const hazard = theirs[up]!;
    if (units === 0 || hazard <= 0 || hazard >= 1) continue;
    const rest = 1 - units / total[up]!;
    squares += (units * (own[cell]! - hazard) ** 2) / (hazard * (1 - hazard));
    chance += rest;
    slope += rest * (units - 1);
  }
  const correlation = slope > 0 ? (squares - chance) / slope : 0;
  return correlation > 0 ? Math.max(0, 1 / correlation - 1) : Infinity;
}

/**
 * Hazards of a level pulled toward those above: (events + κ h_above) / (units at risk + κ).
 * @param sets counts of the level
 * @param above shrunk hazards of the level above
 * @param parent of each node
 * @param strength κ
 * @returns h by node and lag
 */
export function shrinkHazards(
  sets: RiskSets,
  above: Float64Array,
  parent: Int32Array,
  strength: number,
): Float64Array {
  return sets.events.map((events, cell) => {
    const prior = above[parentCell(cell, sets.width, parent)]!;
    const units = exposure(sets, cell);
    return units === 0 || strength === Infinity ? prior : (events + strength * prior) / (units + strength);
  });
}

function exposure({ atRisk, events }: RiskSets, cell: number): number {
  return Math.max(atRisk[cell]!, events[cell]!);
}

function parentCell(cell: number, width: number, parent: Int32Array): number {
  const node = Math.floor(cell / width);
  return parent[node]! * width + (cell - node * width);
}
