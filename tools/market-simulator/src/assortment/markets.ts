import { lognormalFactor, normal } from '../random/continuous.ts';
import { randomStream, STREAMS, uniformBetween } from '../random/stream.ts';

/** A market: how demand, returns and costs differ from country to country. */
export interface Market {
  readonly index: number;
  readonly code: string;
  readonly region: string;
  /** Tax rate on net prices, where list prices hold a tax. */
  readonly vat: number;
  /** Factor on every article's demand. */
  readonly size: number;
  /** Factor on every article's black price. */
  readonly priceLevel: number;
  /** Factor on every article's elasticity. */
  readonly elasticity: number;
  /** Factor on every group's yearly wave. */
  readonly climate: number;
  /** Factor on the lift of feasts and sales. */
  readonly holidays: number;
  /** Added to the logit of every article's return rate. */
  readonly returns: number;
  /** Mean weeks from a sale until the unit is sellable again, before the group's share. */
  readonly returnDelay: number;
  /** What shipping one unit costs, and what each kg adds, in currency units. */
  readonly shippingBase: number;
  readonly shippingPerKg: number;
  /** What taking one unit back costs, and what each kg adds, in currency units. */
  readonly returnBase: number;
  readonly returnPerKg: number;
}

/** With the standard rate of value-added tax in 2025. */
const CODES: readonly (readonly [code: string, region: string, vat: number])[] = [
  ['DE', 'central', 0.19],
  ['FR', 'west', 0.2],
  ['IT', 'south', 0.22],
  ['PL', 'east', 0.23],
  ['NL', 'west', 0.21],
  ['AT', 'central', 0.2],
  ['CH', 'central', 0.081],
  ['ES', 'south', 0.21],
  ['BE', 'west', 0.21],
  ['SE', 'north', 0.25],
  ['DK', 'north', 0.25],
  ['FI', 'north', 0.255],
  ['NO', 'north', 0.25],
  ['CZ', 'east', 0.21],
  ['IE', 'west', 0.23],
  ['GB', 'west', 0.2],
  ['SK', 'east', 0.23],
  ['SI', 'south', 0.22],
  ['HR', 'south', 0.25],
  ['EE', 'north', 0.24],
  ['LV', 'north', 0.21],
  ['LT', 'north', 0.21],
  ['HU', 'east', 0.27],
  ['RO', 'east', 0.21],
  ['PT', 'south', 0.23],
];

/** How many markets there can be. */
export const MOST_MARKETS = CODES.length;

const CLIMATE: Readonly<Record<string, number>> = {
  central: 1,
  west: 0.9,
  south: 0.8,
  east: 1.1,
  north: 1.2,
};

/**
 * The markets of a simulation. A market is the same whatever the number of markets.
 * @param seed of the simulation
 * @param count at most {@link MOST_MARKETS}
 * @returns the first `count` markets
 */
export function drawMarkets(seed: number, count: number): readonly Market[] {
  return CODES.slice(0, count).map(([code, region, vat], index) => {
    const random = randomStream(seed, STREAMS.market, index);
    return {
      index,
      code,
      region,
      vat,
      size: (index === 0 ? 1.6 : 1 / (1 + 0.05 * index)) * lognormalFactor(random, 0.2),
      priceLevel: Math.round(100 * lognormalFactor(random, 0.08)) / 100,
      elasticity: lognormalFactor(random, 0.12),
      climate: CLIMATE[region]! * lognormalFactor(random, 0.05),
      holidays: lognormalFactor(random, 0.2),
      returns: 0.35 * normal(random),
      returnDelay: uniformBetween(random, 1.8, 3.6),
      shippingBase: roundCents(uniformBetween(random, 2.2, 4.4)),
      shippingPerKg: roundCents(uniformBetween(random, 0.4, 1)),
      returnBase: roundCents(uniformBetween(random, 2.8, 5.4)),
      returnPerKg: roundCents(uniformBetween(random, 0.5, 1.2)),
    };
  });
}

function roundCents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
