import type { Article } from '../assortment/article.ts';
import type { Market } from '../assortment/markets.ts';
import { EVERGREEN } from '../calendar/seasons.ts';
import type { DiscountResponse } from '../demand/discount-response.ts';
import type { LifeCycle } from '../demand/life-cycle.ts';
import type { Noise } from '../demand/noise.ts';
import type { FulfillmentCost } from '../money/fulfillment-cost.ts';
import type { ResidualValue } from '../money/residual-value.ts';
import type { World } from '../world.ts';
import { lognormalFactor, normal } from '../random/continuous.ts';
import { uniformBetween } from '../random/stream.ts';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { logit, type ReturnRate, returnDelayShares } from '../returns.ts';

/** What is true of one article in one market, and hidden from forecasters except for the black price. */
export interface SeriesParameters {
  readonly blackPrice: number;
  /** Expected weekly demand without discount, at full age, before calendar, campaigns and decay. */
  readonly level: number;
  readonly response: DiscountResponse;
  readonly lifeCycle: LifeCycle;
  readonly noise: Noise;
  /** Size of the negative binomial: variance of a week's count = mean + mean² / dispersion. */
  readonly dispersion: number;
  /** Gain in log demand in a campaign of intensity 1. */
  readonly campaignLift: number;
  readonly returnRate: ReturnRate;
  /** Share of the returned units by lag in weeks. */
  readonly returnDelay: Float64Array;
  readonly cost: FulfillmentCost;
  readonly residual: ResidualValue;
}

const TIER_ELASTICITY: Readonly<Record<string, number>> = { entry: 1.15, middle: 1, premium: 0.8 };

/**
 * Draws the parameters: group × brand × market × attributes × what is this article's own in this market.
 * @param random the series' own stream
 * @param article what is sold
 * @param market where
 * @param world what is simulated
 * @param world.residual what residual values are multiplied by
 * @returns the truth
 */
export function drawSeriesParameters(
  random: RandomGenerator,
  article: Article,
  market: Market,
  world: Pick<World, 'residual'>,
): SeriesParameters {
  const { group, brand } = article;
  const evergreen = article.season === EVERGREEN;
  const blackPrice = charmPrice(article.price * market.priceLevel * lognormalFactor(random, 0.03));
  return {
    blackPrice,
    level: group.demand * market.size * Math.exp(article.attractiveness + 0.3 * normal(random)),
    response: {
      elasticity:
        group.elasticity *
        brand.elasticity *
        market.elasticity *
        TIER_ELASTICITY[article.priceTier]! *
        lognormalFactor(random, 0.2),
      saturation: uniformBetween(random, 0.8, 1.6),
      badge: uniformBetween(random, 0, 0.25),
      campaignBoost: uniformBetween(random, 0, 0.4),
    },
    lifeCycle: {
      rampWeeks: uniformBetween(random, 0.5, 2.5),
      decay: evergreen ? uniformBetween(random, 0, 0.004) : uniformBetween(random, 0.005, 0.035),
    },
    noise: { persistence: uniformBetween(random, 0.5, 0.85), deviation: uniformBetween(random, 0.2, 0.35) },
    dispersion: uniformBetween(random, 5, 20),
    campaignLift: uniformBetween(random, 0.1, 0.45),
    returnRate: {
      logit:
        logit(group.returnRate) +
        market.returns +
        brand.returns +
        // Dear articles are sent back more often.
        0.25 * Math.log(blackPrice / group.price) +
        0.25 * normal(random),
      discountSlope: uniformBetween(random, -0.8, 0),
    },
    returnDelay: returnDelayShares(
      Math.max(0.8, market.returnDelay + group.returnDelay) * lognormalFactor(random, 0.08),
    ),
    cost: {
      shipping:
        (market.shippingBase + market.shippingPerKg * article.weightKg) * lognormalFactor(random, 0.06),
      returning: (market.returnBase + market.returnPerKg * article.weightKg) * lognormalFactor(random, 0.08),
    },
    residual: {
      share: world.residual * Math.min(0.6, group.residual * brand.residual * lognormalFactor(random, 0.15)),
      decay: uniformBetween(random, 0.01, 0.05),
    },
  };
}

/** The nearest price that ends in .95, at least 4.95. */
function charmPrice(price: number): number {
  return Math.max(4, Math.round(price - 0.95)) + 0.95;
}
