/**
 * Demand of one article, market and week as a function of its discount d:
 *
 *   log q(d) = level + Σ_k a_k · reach_k(x(d)) + Σ_k b_k · reach_k(u(d)),   u(d) = −log(1 − d),   x(d) = position + u(d)
 *
 * u is the depth of the discount and x how far the price lies below what the series usually costs, both in logs: shoppers know
 * the price tag as well as the price. reach_k(y) is y confined to segment k, less 0 confined to it. All slopes a and b are at
 * least 0, so that demand never falls as the discount rises; their sum is minus the price elasticity.
 */
const PRICE_KNOTS: readonly number[] = [-2.5, -0.15, 0, 0.1, 0.2, 0.35, 0.55, 3];
const DISCOUNT_KNOTS: readonly number[] = [0, 0.1, 0.2, 0.35, 0.55, 3];

/** Segments of the price relative to the usual one, then those of the discount: from `low` to `high`, in logs. */
export const CURVE_SEGMENTS = [
  ...segmentsOf(PRICE_KNOTS).map((segment) => ({ ...segment, ofPrice: true })),
  ...segmentsOf(DISCOUNT_KNOTS).map((segment) => ({ ...segment, ofPrice: false })),
];

/** Slopes that a curve has. */
export const CURVE_SLOPES = CURVE_SEGMENTS.length;

/** Numbers that a curve takes in an array: level, position, slopes. */
export const CURVE_WIDTH = 2 + CURVE_SLOPES;

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
 * The derivative of {@link demandAt}; at a knot, that of the segment above.
 * @param curves numbers of curves
 * @param at where the curve begins
 * @param discount share of the black price, in [0, 1)
 * @returns units in the week per unit of discount
 */
export function demandSlopeAt(curves: Float64Array, at: number, discount: number): number {
  const log = logDemandAt(curves, at, discount);
  if (log <= -MOST || log >= MOST) return 0;
  const depth = -Math.log1p(-discount);
  let slope = 0;
  CURVE_SEGMENTS.forEach(({ low, high, ofPrice }, k) => {
    const y = ofPrice ? curves[at + 1]! + depth : depth;
    if (y >= low && y < high) slope += curves[at + 2 + k]!;
  });
  return (Math.exp(log) * slope) / (1 - discount);
}

function logDemandAt(curves: Float64Array, at: number, discount: number): number {
  const depth = -Math.log1p(-discount);
  const position = curves[at + 1]!;
  let log = curves[at]!;
  for (let k = 0; k < CURVE_SLOPES; k++) log += curves[at + 2 + k]! * reachOf(position, depth, k);
  return Math.max(-MOST, Math.min(MOST, log));
}

/**
 * @param position how far the black price lies below the usual price, in logs
 * @param depth of the discount: −log(1 − d)
 * @param k segment of the curve
 * @returns how much of the segment is reached; negative for prices above the usual one
 */
export function reachOf(position: number, depth: number, k: number): number {
  const { low, high, ofPrice, zero } = CURVE_SEGMENTS[k]!;
  return Math.max(low, Math.min(high, ofPrice ? position + depth : depth)) - zero;
}

function segmentsOf(knots: readonly number[]): { low: number; high: number; zero: number }[] {
  return knots.slice(1).map((high, i) => {
    const low = knots[i]!;
    return { low, high, zero: Math.max(low, Math.min(high, 0)) };
  });
}
