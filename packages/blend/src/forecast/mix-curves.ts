import { CURVE_SEGMENTS, CURVE_SLOPES, CURVE_WIDTH, demandAt, reachOf } from '@hemline/features';

/** Depths −log(1 − d) at which the members' shares are looked at: to 70 % off, where discounts end. */
const DEPTHS = [0, 0.05, 0.1, 0.15, 0.2, 0.275, 0.35, 0.45, 0.55, 0.7, 0.85, 1, 1.2];
const DISCOUNTS = DEPTHS.map((depth) => -Math.expm1(-depth));
const DEEPEST = DEPTHS.at(-1)!;
/** Demand that counts as none: the log of 0 is no number. */
const NOTHING = 1e-9;

/** What is mixed for one series and week. */
export interface MixedParts {
  /** Σ w q̂ of the members whose forecasts no discount moves. */
  readonly flat: number;
  /** Curves of the others, {@link CURVE_WIDTH} numbers each. */
  readonly curves: readonly Float64Array[];
  /** Where each begins. */
  readonly at: readonly number[];
  /** Their weights. */
  readonly weights: readonly number[];
}

/**
 * The curve of a weighted sum of curves. The slope of log Σ w q at a depth is the mean of the members' slopes by their shares in the
 * demand there; each slope of the mixed curve is that mean over its segment. So it never falls, is right at the black price, and is the
 * member's own where one has all the weight; elsewhere it differs from the sum by what shares change within a segment.
 * @param parts what to mix
 * @param out takes the curve
 * @param to where it begins
 */
export function mixCurves({ flat, curves, at, weights }: MixedParts, out: Float64Array, to: number): void {
  out.fill(0, to, to + CURVE_WIDTH);
  let main = -1;
  weights.forEach((weight, j) => {
    if (weight > 0 && (main === -1 || weight > weights[main]!)) main = j;
  });
  if (main === -1) {
    out[to] = Math.log(Math.max(NOTHING, flat));
    return;
  }
  const position = curves[main]![at[main]! + 1]!;
  const sums = new Float64Array(DEPTHS.length).fill(flat);
  const shares = curves.map((curve, j) => {
    const share = new Float64Array(DEPTHS.length);
    if (weights[j] === 0) return share;
    for (let i = 0; i < DEPTHS.length; i++) {
      share[i] = weights[j]! * demandAt(curve, at[j]!, DISCOUNTS[i]!);
      sums[i]! += share[i]!;
    }
    return share;
  });
  for (const share of shares)
    for (let i = 0; i < DEPTHS.length; i++) share[i]! /= Math.max(NOTHING, sums[i]!);
  let level = Math.log(Math.max(NOTHING, sums[0]!));
  for (let k = 0; k < CURVE_SLOPES; k++) {
    const { low, high, ofPrice } = CURVE_SEGMENTS[k]!;
    const from = clamp(ofPrice ? low - position : low);
    const until = clamp(ofPrice ? high - position : high);
    let slope = 0;
    for (let j = 0; j < curves.length; j++) {
      if (weights[j] === 0) continue;
      const own = ownSlope(curves[j]!, at[j]!, k, { from, until, position });
      slope += own * meanShare(shares[j]!, from, until);
    }
    out[to + 2 + k] = slope;
    // Slopes lie in the table in single precision.
    level -= Math.fround(slope) * reachOf(position, 0, k);
  }
  out[to] = level;
  out[to + 1] = position;
}

/** Slope of a member's curve that falls to a segment of the mixed one: its own, or, of other usual prices, what it rises there. */
function ownSlope(
  curve: Float64Array,
  at: number,
  k: number,
  { from, until, position }: { readonly from: number; readonly until: number; readonly position: number },
): number {
  const own = curve[at + 1]!;
  if (!CURVE_SEGMENTS[k]!.ofPrice || own === position || until - from < 1e-9) return curve[at + 2 + k]!;
  let rise = 0;
  for (let other = 0; other < CURVE_SLOPES; other++)
    if (CURVE_SEGMENTS[other]!.ofPrice)
      rise += curve[at + 2 + other]! * (reachOf(own, until, other) - reachOf(own, from, other));
  return rise / (until - from);
}

/** Mean of a share over depths, by the trapezoids between the depths where it is known. */
function meanShare(share: Float64Array, from: number, until: number): number {
  if (until - from < 1e-9) return shareAt(share, from);
  let area = 0;
  for (let i = 1; i < DEPTHS.length; i++) {
    const a = Math.max(from, DEPTHS[i - 1]!);
    const b = Math.min(until, DEPTHS[i]!);
    if (b > a) area += ((b - a) * (shareAt(share, a) + shareAt(share, b))) / 2;
  }
  return area / (until - from);
}

function shareAt(share: Float64Array, depth: number): number {
  let i = 1;
  while (i < DEPTHS.length - 1 && DEPTHS[i]! < depth) i++;
  const part = (depth - DEPTHS[i - 1]!) / (DEPTHS[i]! - DEPTHS[i - 1]!);
  return share[i - 1]! + part * (share[i]! - share[i - 1]!);
}

function clamp(depth: number): number {
  return Math.max(0, Math.min(DEEPEST, depth));
}
