import type { Batch } from '@hemline/core';
import { CURVE_SEGMENTS, CURVE_SLOPES } from '@hemline/features';

/** Where nothing is known of a response: before softplus, a price elasticity of about −1, half of it over the price. */
const NEUTRAL = -0.3;
/** The least slope that a network can begin with: one of 0 could not be learnt away from. */
const LEAST_SLOPE = 0.01;
/** Share of a response that is one to the price; the rest is one to the discount. */
const PRICE_SHARE = 0.5;

/** Segments of the discount, and the one of them that each segment of a curve lies in. */
const DISCOUNT_SEGMENTS = CURVE_SEGMENTS.filter(({ ofPrice }) => !ofPrice);
const SEGMENT_OF = CURVE_SEGMENTS.map(({ low }) =>
  // Prices above the usual one: as the first discount.
  Math.max(
    0,
    DISCOUNT_SEGMENTS.findLastIndex((segment) => segment.low <= low),
  ),
);

/** How demand answers to the discount, as it was estimated apart: what the network's own response begins with. */
export interface StartingResponse {
  /**
   * @param series their `article`, `market` and attributes
   * @returns d log demand / d depth in each segment of the discount, at least 0: `[series * 5 + segment]`
   */
  slopesOf(series: Batch): Float64Array;
}

/**
 * Slopes that the curves of series begin with, as they are before softplus. A response to the discount becomes one to price and
 * discount, half each, since the price of a week is seen both ways: at the usual price, the curve's lift is the response's.
 * @param series one row each
 * @param response of each; a common one where nothing is known
 * @returns `[series * CURVE_SLOPES + segment]`
 */
export function startingSlopes(series: Batch, response?: StartingResponse): Float32Array {
  const known = response?.slopesOf(series);
  return Float32Array.from({ length: series.length * CURVE_SLOPES }, (_, at) => {
    const [one, k] = [Math.floor(at / CURVE_SLOPES), at % CURVE_SLOPES];
    if (known === undefined) return NEUTRAL;
    const share = CURVE_SEGMENTS[k]!.ofPrice ? PRICE_SHARE : 1 - PRICE_SHARE;
    const slope = share * known[one * DISCOUNT_SEGMENTS.length + SEGMENT_OF[k]!]!;
    return beforeSoftplus(Math.max(LEAST_SLOPE, slope));
  });
}

function beforeSoftplus(slope: number): number {
  return slope + Math.log(-Math.expm1(-slope));
}
