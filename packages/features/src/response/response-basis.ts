import { CURVE_SEGMENTS } from '../demand-curves/demand-curve.ts';

/** Segments of the depth of a discount, −log(1 − d), over which the response is linear: those of demand curves. */
export const RESPONSE_SEGMENTS = CURVE_SEGMENTS.filter(({ ofPrice }) => !ofPrice);

/** Slopes that a response has. */
export const RESPONSE_SLOPES = RESPONSE_SEGMENTS.length;

/**
 * @param discount in [0, 1)
 * @param k segment
 * @returns how much of the segment the discount reaches, at least 0
 */
export function depthReach(discount: number, k: number): number {
  const { low, high, zero } = RESPONSE_SEGMENTS[k]!;
  return Math.max(low, Math.min(high, -Math.log1p(-discount))) - zero;
}

/**
 * @param slopes of the response, {@link RESPONSE_SLOPES} long, at least 0
 * @param discount in [0, 1)
 * @returns Σ_k slope_k · reach_k(discount): what the discount adds to log demand
 */
export function liftAt(slopes: ArrayLike<number>, discount: number): number {
  let lift = 0;
  for (let k = 0; k < RESPONSE_SLOPES; k++) lift += slopes[k]! * depthReach(discount, k);
  return lift;
}
