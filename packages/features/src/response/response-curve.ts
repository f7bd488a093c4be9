import type { ResponseRows } from './response-rows.ts';
import { adjustedLevels, HALF_LIVES } from './adjusted-levels.ts';
import { nuisanceGiven, partialOut, type PartialledOut, type RegressionRows } from './partialled-out.ts';
import { PlannerState } from './planner-state.ts';
import { depthReach, RESPONSE_SLOPES } from './response-basis.ts';
import { PRIOR_PRECISION, PRIOR_SLOPE } from './response-prior.ts';
import { Cholesky, nonNegativeMinimum } from './symmetric-matrix.ts';

/** The response that all series have in common. */
export interface ResponseCurve {
  /** Slopes, at least 0. */
  readonly slopes: Float64Array;
  /** Their covariance given the data, before slopes were kept from falling below 0. */
  readonly covariance: Float64Array;
  /** Variance of a row's residual, in units of its inverse weight: 1 where the counts vary as supposed. */
  readonly dispersion: number;
  /** By row of the regression: its row in the data, what the price explains of it by the curve, and what is left, with its weight. */
  readonly rows: Uint32Array;
  readonly pull: Float64Array;
  readonly rest: Float64Array;
  readonly weights: Float64Array;
  /** Units expected in it by the curve and all that was seen before the week. */
  readonly means: Float64Array;
}

/** How the rows are grouped for the regression. */
export interface ResponseGroups {
  /** Of each series: those of its like, from which its level is known before it sells. */
  readonly like: Int32Array;
  readonly likes: number;
  /** Of each row: a cell of series and weeks whose common ups and downs are left out. */
  readonly cells: Int32Array;
  readonly cellCount: number;
  /** Of each series: its fold. */
  readonly folds: Uint8Array;
}

const ROUNDS = 8;
/** Estimates that move less than this, in slopes, have arrived. */
const ARRIVED = 0.003;
/** Variance of demand over its squared mean, beyond that of counts: where it begins, and within what it is looked for. */
const [FIRST_SPREAD, LEAST_SPREAD, MOST_SPREAD] = [0.15, 0.02, 0.5];
/** Log demand is confined to this. */
const MOST_LOG = 12;
/** A round moves the forecast of a row by no more, in logs. */
const MOST_MOVE = 2;

/**
 * Estimates the response of demand to the discount from what the planner's state does not explain of either.
 *
 * Demand of a week is taken for a count with mean exp(level + lift(d)) and variance mean + spread · mean² (a pseudo-likelihood
 * with log link: zeros need no care). The level is linear in what the planner saw ({@link PlannerState}) and, cell by cell, in what
 * all series of the cell had in common. Since discounts are set by what was seen, the residual of the discount says of demand what
 * a lottery would (Robinson 1988, Econometrica 56, 931–954). Past demand enters as what it would have been without its
 * discounts; that depends on the response itself, so that a round is a Gauss–Newton step: the regressor of a slope is the reach of
 * the week less what the levels carry of past weeks' reach.
 * @param rows of all series
 * @param groups of rows and series
 * @returns the curve, and what each row says of it; null where no row has both demand above 0 and a discount
 */
export function responseCurve(rows: ResponseRows, groups: ResponseGroups): ResponseCurve | null {
  const { offsets, demand, discount } = rows;
  const used = Uint32Array.from(demand.keys()).filter(
    (row) => !Number.isNaN(demand[row]!) && !Number.isNaN(discount[row]!),
  );
  if (!used.some((row) => demand[row]! > 0)) return null;
  const series = seriesOf(offsets);
  const reach = Float32Array.from({ length: demand.length * RESPONSE_SLOPES }, (_, at) =>
    depthReach(discount[Math.floor(at / RESPONSE_SLOPES)]!, at % RESPONSE_SLOPES),
  );
  const undiscounted = new Float64Array(demand.length);
  const state = new PlannerState(rows, priorLevels(rows, undiscounted, series, groups));
  const folds = Uint8Array.from(used, (row) => groups.folds[series[row]!]!);
  const cells = Int32Array.from(used, (row) => groups.cells[row]!);
  let slopes = new Float64Array(RESPONSE_SLOPES).fill(PRIOR_SLOPE);
  let spread = FIRST_SPREAD;
  let carried: Float64Array | null = null;
  let eta: Float64Array | null = null;
  for (let round = 1; ; round++) {
    const lift = liftOf(reach, slopes, demand.length);
    const prior = priorLevels(rows, lift, series, groups);
    const levels = HALF_LIVES.map((halfLife) => adjustedLevels(rows, lift, reach, prior, halfLife));
    const logPrior = Float64Array.from(series, (s) => Math.log(prior[s]!));
    const { columns, levelForms } = state.columns(levels, logPrior);
    const width = RESPONSE_SLOPES + columns.length + 1;
    const values = new Float32Array(used.length * width);
    const weights = new Float64Array(used.length);
    eta ??= Float64Array.from(
      used,
      (row) => (levels[1]!.level[row]! + levels.at(-1)!.level[row]!) / 2 + lift[row]!,
    );
    const before = eta;
    used.forEach((row, i) => {
      const to = i * width;
      const mean = Math.exp(before[i]!);
      weights[i] = mean / (1 + spread * mean);
      let own = 0;
      for (let k = 0; k < RESPONSE_SLOPES; k++) {
        let reached = reach[row * RESPONSE_SLOPES + k]!;
        levels.forEach(({ pastReach }, j) => {
          const share = carried === null ? 1 / levels.length : formOf(levelForms, row, carried, j);
          reached -= share * pastReach[row * RESPONSE_SLOPES + k]!;
        });
        values[to + k] = reached;
        own += slopes[k]! * reached;
      }
      columns.forEach((column, c) => (values[to + RESPONSE_SLOPES + c] = column[row]!));
      values[to + width - 1] = before[i]! - logPrior[row]! + (demand[row]! - mean) / mean - lift[row]! + own;
    });
    const regression: RegressionRows = {
      length: used.length,
      values,
      interest: RESPONSE_SLOPES,
      width,
      weights,
      cells,
      cellCount: groups.cellCount,
      folds,
    };
    const out = partialOut(regression);
    const { estimate, covariance, dispersion } = estimateOf(out.products, slopes, used.length);
    const nuisance = nuisanceGiven(out, regression, estimate);
    const moved = Math.max(...estimate.map((slope, k) => Math.abs(slope - slopes[k]!)));
    if (round === ROUNDS || moved < ARRIVED) {
      const { pull, rest } = residualsOf(regression, out, estimate);
      return {
        slopes: estimate,
        covariance,
        dispersion,
        rows: used,
        pull,
        rest,
        weights,
        means: before.map(Math.exp),
      };
    }
    const after = new Float64Array(used.length);
    let [excess, squares] = [0, 0];
    used.forEach((row, i) => {
      const mean = Math.exp(before[i]!);
      excess += (demand[row]! - mean) ** 2 - mean;
      squares += mean * mean;
      const next =
        forecastOf(regression, out.means, i, slopes, estimate, nuisance) + logPrior[row]! + lift[row]!;
      after[i] = Math.max(-MOST_LOG, Math.min(MOST_LOG, before[i]! + clamp(next - before[i]!, MOST_MOVE)));
    });
    spread = Math.max(LEAST_SPREAD, Math.min(MOST_SPREAD, excess / squares));
    [eta, slopes, carried] = [after, estimate, nuisance];
  }
}

/** Slopes given the sums of products of residuals, with what is supposed of them beforehand. */
function estimateOf(
  products: Float64Array,
  slopes: Float64Array,
  count: number,
): { estimate: Float64Array<ArrayBuffer>; covariance: Float64Array; dispersion: number } {
  const size = RESPONSE_SLOPES + 1;
  let unexplained = products[size * size - 1]!;
  for (let k = 0; k < RESPONSE_SLOPES; k++) {
    unexplained -= 2 * slopes[k]! * products[k * size + size - 1]!;
    for (let l = 0; l < RESPONSE_SLOPES; l++)
      unexplained += slopes[k]! * slopes[l]! * products[k * size + l]!;
  }
  const dispersion = Math.max(1e-6, unexplained / count);
  const values = PRIOR_PRECISION.map(
    (precision, at) =>
      precision + products[Math.floor(at / RESPONSE_SLOPES) * size + (at % RESPONSE_SLOPES)]! / dispersion,
  );
  const right = Float64Array.from({ length: RESPONSE_SLOPES }, (_, k) => {
    let sum = products[k * size + size - 1]! / dispersion;
    for (let l = 0; l < RESPONSE_SLOPES; l++) sum += PRIOR_PRECISION[k * RESPONSE_SLOPES + l]! * PRIOR_SLOPE;
    return sum;
  });
  const matrix = { size: RESPONSE_SLOPES, values };
  return {
    estimate: Float64Array.from(nonNegativeMinimum(matrix, right)),
    covariance: new Cholesky(matrix).inverse(),
    dispersion,
  };
}

/** By row: what the curve explains by the residual of the price, and what is left of demand. */
function residualsOf(
  { length, values, width, cells, folds }: RegressionRows,
  { means, nuisance }: PartialledOut,
  slopes: Float64Array,
): { pull: Float64Array; rest: Float64Array } {
  const size = RESPONSE_SLOPES + 1;
  const nuisances = width - size;
  const ofPull = nuisance.map((all) =>
    Float64Array.from({ length: nuisances }, (_, i) => {
      let sum = 0;
      for (let k = 0; k < RESPONSE_SLOPES; k++) sum += slopes[k]! * all[i * size + k]!;
      return sum;
    }),
  );
  const pull = new Float64Array(length);
  const rest = new Float64Array(length);
  for (let row = 0; row < length; row++) {
    const [from, mean, fold] = [row * width, cells[row]! * width, folds[row]!];
    const centred = (i: number): number => values[from + i]! - means[mean + i]!;
    let own = 0;
    for (let k = 0; k < RESPONSE_SLOPES; k++) own += slopes[k]! * centred(k);
    let response = centred(width - 1);
    for (let i = 0; i < nuisances; i++) {
      const one = centred(RESPONSE_SLOPES + i);
      own -= one * ofPull[fold]![i]!;
      response -= one * nuisance[fold]![i * size + RESPONSE_SLOPES]!;
    }
    pull[row] = own;
    rest[row] = response - own;
  }
  return { pull, rest };
}

/** Log of a row's demand less its prior level and lift, by the new estimate. */
function forecastOf(
  { values, width, cells }: RegressionRows,
  means: Float64Array,
  row: number,
  slopes: Float64Array,
  estimate: Float64Array,
  nuisance: Float64Array,
): number {
  const [from, mean] = [row * width, cells[row]! * width];
  let next = means[mean + width - 1]!;
  for (let k = 0; k < RESPONSE_SLOPES; k++)
    next += (estimate[k]! - slopes[k]!) * values[from + k]! - estimate[k]! * means[mean + k]!;
  for (let i = 0; i < nuisance.length; i++) {
    const at = RESPONSE_SLOPES + i;
    next += nuisance[i]! * (values[from + at]! - means[mean + at]!);
  }
  return next;
}

/** The share with which a level enters a row, by the coefficients of its forms. */
function formOf(forms: readonly Float64Array[], row: number, nuisance: Float64Array, level: number): number {
  let share = 0;
  forms.forEach((form, f) => (share += nuisance[level * forms.length + f]! * form[row]!));
  return share;
}

/** Units a week without discount, over all series of a kind. */
function priorLevels(
  { demand }: ResponseRows,
  lift: Float64Array,
  series: Int32Array,
  { like, likes }: ResponseGroups,
): Float64Array {
  const units = new Float64Array(likes);
  const weeks = new Float64Array(likes);
  for (let row = 0; row < demand.length; row++) {
    if (Number.isNaN(demand[row]!) || Number.isNaN(lift[row]!)) continue;
    units[like[series[row]!]!]! += demand[row]!;
    weeks[like[series[row]!]!]! += Math.exp(lift[row]!);
  }
  // Half a unit in all: kinds that never sold have a level all the same.
  return Float64Array.from(like, (one) => (units[one]! + 0.5) / (weeks[one]! + 1));
}

function liftOf(reach: Float32Array, slopes: Float64Array, length: number): Float64Array {
  return Float64Array.from({ length }, (_, row) => {
    let lift = 0;
    for (let k = 0; k < RESPONSE_SLOPES; k++) lift += slopes[k]! * reach[row * RESPONSE_SLOPES + k]!;
    return lift;
  });
}

function seriesOf(offsets: Uint32Array): Int32Array {
  const series = new Int32Array(offsets.at(-1)!);
  for (let s = 0; s + 1 < offsets.length; s++) series.fill(s, offsets[s], offsets[s + 1]);
  return series;
}

function clamp(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}
