/** How demand answers to the discount. All parameters are non-negative, which makes the response monotone. */
export interface DiscountResponse {
  /** d log demand / d h at a discount of 0, where h = −log(1 − discount). */
  readonly elasticity: number;
  /** The h at which the response is flattening: log demand never gains more than elasticity × saturation. */
  readonly saturation: number;
  /** Gain in log demand once the discount is large enough to be advertised. */
  readonly badge: number;
  /** Factor by which a campaign of full intensity deepens the response, minus 1. */
  readonly campaignBoost: number;
}

const BADGE_AT = 0.2;
const BADGE_WIDTH = 0.015;

/**
 * The gain in log demand over an undiscounted article: elasticity · saturation · (1 − exp(−h / saturation)) plus a smooth
 * step of height `badge` at 20 %. 0 at discount 0 and never falling.
 * @param response the article's parameters in the market
 * @param discount in [0, 1)
 * @returns log of the factor on demand, outside campaigns
 */
export function discountLift(response: DiscountResponse, discount: number): number {
  const h = -Math.log1p(-discount);
  const price = response.elasticity * response.saturation * -Math.expm1(-h / response.saturation);
  return price + response.badge * (step(discount) - step(0));
}

/** Logistic step from 0 to 1 around the discount that is advertised. */
function step(discount: number): number {
  return 1 / (1 + Math.exp((BADGE_AT - discount) / BADGE_WIDTH));
}
