import { digamma, logGamma } from '@hemline/core/special-functions';

/** Counts of the sizes of many articles, in rows that stand together by article. */
export interface SizeCounts {
  /** Row after the last of each article; the first article begins at 0. */
  readonly ends: Int32Array;
  /** By row: the cell (group and size) it belongs to, and the units. */
  readonly cell: Int32Array;
  readonly units: Float64Array;
}

/** What is typical of each group, and how much that counts. */
export interface DirichletFit {
  /** By cell: share of the size in its group's demand, were all the group's sizes on offer. Sums to 1 over a group. */
  readonly share: Float64Array;
  /** κ: so many units of an article's own count as much as its group. */
  readonly strength: number;
}

const LEAST_STRENGTH = 0.1;
const MOST_STRENGTH = 1e5;
const ROUNDS = 4;
const SHARE_STEPS = 12;
const STRENGTH_STEPS = 24;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** What a size has in its group at least, in units: no size is impossible. */
const LEAST_UNITS = 0.5;

/**
 * Fits size distributions by group: the shares of an article's sizes are drawn from a Dirichlet distribution with the
 * parameters κ m_gs of its group g, and its units are a multinomial draw of these (Dirichlet-multinomial). An article that
 * has only some of its group's sizes follows the same distribution confined to these, which is Dirichlet again, so that
 * groups may mix size systems. Shares m and the strength κ, one for all groups as a small group says little about its own,
 * maximise the marginal likelihood: m by Minka's fixed point (2000, Estimating a Dirichlet distribution, section 3), which
 * never lowers it, κ by a golden-section search, in turn.
 * @param counts of articles; those without units take no part
 * @param cells how many there are
 * @param groupOfCell group of each cell
 * @param groups how many there are
 * @returns shares and strength; with nothing to tell κ by, the largest: articles are as their groups
 */
export function fitDirichlet(
  counts: SizeCounts,
  cells: number,
  groupOfCell: Int32Array,
  groups: number,
): DirichletFit {
  let share = pooledShares(counts, cells, groupOfCell, groups);
  let strength = 50;
  for (let round = 0; round < ROUNDS; round++) {
    for (let step = 0; step < SHARE_STEPS; step++)
      share = nextShares(counts, share, strength, groupOfCell, groups);
    strength = bestStrength(counts, share);
  }
  return { share, strength };
}

/** Where the fixed point begins: the units of each size over those of its group. */
function pooledShares(
  { cell, units }: SizeCounts,
  cells: number,
  groupOfCell: Int32Array,
  groups: number,
): Float64Array {
  const share = new Float64Array(cells).fill(LEAST_UNITS);
  for (let row = 0; row < cell.length; row++) share[cell[row]!]! += units[row]!;
  return normalized(share, groupOfCell, groups);
}

/** One step of the fixed point. */
function nextShares(
  counts: SizeCounts,
  share: Float64Array,
  strength: number,
  groupOfCell: Int32Array,
  groups: number,
): Float64Array {
  const gain = new Float64Array(share.length);
  const cost = new Float64Array(share.length);
  eachArticle(counts, (start, end) => {
    let prior = 0;
    let total = 0;
    for (let row = start; row < end; row++) {
      prior += strength * share[counts.cell[row]!]!;
      total += counts.units[row]!;
    }
    const offered = digamma(total + prior) - digamma(prior);
    for (let row = start; row < end; row++) {
      const cell = counts.cell[row]!;
      const own = strength * share[cell]!;
      if (counts.units[row]! > 0) gain[cell]! += digamma(counts.units[row]! + own) - digamma(own);
      cost[cell]! += offered;
    }
  });
  const next = share.map((old, cell) =>
    cost[cell] === 0 ? old : Math.max(old * (gain[cell]! / cost[cell]!), 1e-6),
  );
  return normalized(next, groupOfCell, groups);
}

function bestStrength(counts: SizeCounts, share: Float64Array): number {
  let [low, high] = [Math.log(LEAST_STRENGTH), Math.log(MOST_STRENGTH)];
  const at = (log: number): number => logLikelihood(counts, share, Math.exp(log));
  let left = high - GOLDEN * (high - low);
  let right = low + GOLDEN * (high - low);
  let [leftValue, rightValue] = [at(left), at(right)];
  for (let step = 0; step < STRENGTH_STEPS; step++) {
    if (leftValue > rightValue) {
      [high, right, rightValue] = [right, left, leftValue];
      left = high - GOLDEN * (high - low);
      leftValue = at(left);
    } else {
      [low, left, leftValue] = [left, right, rightValue];
      right = low + GOLDEN * (high - low);
      rightValue = at(right);
    }
  }
  return Math.exp((low + high) / 2);
}

/** Log marginal likelihood of the units, but for a term that depends on the units alone. */
function logLikelihood(counts: SizeCounts, share: Float64Array, strength: number): number {
  let log = 0;
  eachArticle(counts, (start, end) => {
    let prior = 0;
    let total = 0;
    for (let row = start; row < end; row++) {
      const own = strength * share[counts.cell[row]!]!;
      const units = counts.units[row]!;
      prior += own;
      total += units;
      if (units > 0) log += logGamma(units + own) - logGamma(own);
    }
    log += logGamma(prior) - logGamma(prior + total);
  });
  return log;
}

/** Calls for each article with units of at least two sizes on offer. */
function eachArticle({ ends, units }: SizeCounts, visit: (start: number, end: number) => void): void {
  for (let article = 0, start = 0; article < ends.length; start = ends[article++]!) {
    const end = ends[article]!;
    if (end - start < 2) continue;
    let sold = false;
    for (let row = start; row < end && !sold; row++) sold = units[row]! > 0;
    if (sold) visit(start, end);
  }
}

function normalized(share: Float64Array, groupOfCell: Int32Array, groups: number): Float64Array {
  const total = new Float64Array(groups);
  share.forEach((value, cell) => (total[groupOfCell[cell]!]! += value));
  return share.map((value, cell) => value / total[groupOfCell[cell]!]!);
}
