/**
 * Demand of one article, market and week as a function of its discount d:
 *
 *   log q(d) = level + Σ_k slope_k · reach_k(u(d)),   u(d) = −log(1 − d)
 *
 * Log demand is piecewise linear in u, the depth of the discount in logs, with knots at the usual steps of discounts. reach_k(u) is
 * how much of segment k lies below u. All slopes are at least 0, so that demand never falls as the discount rises; within a segment
 * the slope is minus the price elasticity.
 */
export const CURVE_DISCOUNTS: readonly number[] = [
  0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.95,
];

const KNOTS = CURVE_DISCOUNTS.map((discount) => -Math.log1p(-discount));

/** Slopes that a curve has. */
export const CURVE_SLOPES = KNOTS.length - 1;

/** Numbers that a curve takes in an array: level, slopes. */
export const CURVE_WIDTH = 1 + CURVE_SLOPES;

/** What logarithms of demand are confined to, so that no input gives a number that is not finite. */
const MOST = 25;

/**
 * @param curves numbers of curves, {@link CURVE_WIDTH} each
 * @param at where the curve begins
 * @param discount share of the black price, in [0, 1)
 * @returns units in the week: finite, never negative, never falling as the discount rises
 */
export function demandAt(curves: Float64Array, at: number, discount: number): number {
  return Math.exp(logDemandAt(curves, at, discount));
}

/**
 * The derivative of {@link demandAt}; at a knot, that of the segment above; beyond the last one 0.
 * @param curves numbers of curves
 * @param at where the curve begins
 * @param discount share of the black price, in [0, 1)
 * @returns units in the week per unit of discount
 */
export function demandSlopeAt(curves: Float64Array, at: number, discount: number): number {
  const log = logDemandAt(curves, at, discount);
  if (log <= -MOST || log >= MOST) return 0;
  const depth = -Math.log1p(-discount);
  const segment = KNOTS.findLastIndex((knot) => depth >= knot);
  return segment === CURVE_SLOPES ? 0 : (Math.exp(log) * curves[at + 1 + segment]!) / (1 - discount);
}

/**
 * Lays a curve through demands at the knots.
 * @param logs of demand at {@link CURVE_DISCOUNTS}; where one is below the one before, the curve is flat
 * @param curves receives the curve
 * @param at where it begins
 */
export function writeCurve(logs: Float64Array, curves: Float64Array, at: number): void {
  curves[at] = logs[0]!;
  let log = logs[0]!;
  for (let k = 0; k < CURVE_SLOPES; k++) {
    const width = KNOTS[k + 1]! - KNOTS[k]!;
    // In single precision, as curves are kept.
    const slope = Math.fround(Math.max(0, (logs[k + 1]! - log) / width));
    curves[at + 1 + k] = slope;
    log += slope * width;
  }
}

function logDemandAt(curves: Float64Array, at: number, discount: number): number {
  const depth = -Math.log1p(-discount);
  let log = curves[at]!;
  for (let k = 0; k < CURVE_SLOPES && depth > KNOTS[k]!; k++)
    log += curves[at + 1 + k]! * (Math.min(depth, KNOTS[k + 1]!) - KNOTS[k]!);
  return Math.max(-MOST, Math.min(MOST, log));
}
