/** What is assumed where nothing is known, and how careful pricing is. Every use of a default is told (`assumptions`). */
export interface PricingSettings {
  /** Share of a sold unit that comes back, where there is no forecast of it. */
  readonly returnRate: number;
  /** Cost of shipping and of returning a unit, where there is no forecast of it; in the currency of the data. */
  readonly shippingCost: number;
  readonly returnCost: number;
  /** Worth of a unit left at the end as a share of its black price, where there is no forecast of it. */
  readonly residualValue: number;
  /** Variance of weekly demand over its squared mean besides the Poisson part, where the forecast tells no spread. */
  readonly dispersion: number;
  /** Share of the net price that goes with every unit kept, such as payment or commission. */
  readonly variableCostShare: number;
  /** Whether demand is taken to be its mean for certain. */
  readonly certain: boolean;
  /** Rows of a group's history that must have had a level, or a deeper one, for the level to be offered to the group. */
  readonly levelRows: number;
  /** Demand error of a group, or of a discount band, above which nothing but today's discount, or no level of the band, is offered. */
  readonly maximumError: number;
}

/** What holds where nothing else is said. */
export const PRICING_DEFAULTS: PricingSettings = {
  ...{ returnRate: 0, shippingCost: 0, returnCost: 0, residualValue: 0, dispersion: 0.5 },
  ...{ variableCostShare: 0, certain: false, levelRows: 30, maximumError: Infinity },
};

/** A discount in the shop is a level of the grid where it is no further than this from it. */
export const LEVEL_TOLERANCE = 0.005;

/** A change of an article has to earn so much more than to hold, as a fraction of what holding earns. */
export const DEFAULT_MINIMUM_GAIN = 0.01;
