import { lognormalFactor, normal } from '../random/continuous.ts';
import { randomStream, STREAMS } from '../random/stream.ts';

/** A brand: how its articles differ from their group. */
export interface Brand {
  readonly name: string;
  /** Share of the assortment, of any sum. */
  readonly weight: number;
  /** Factor on the group's price. */
  readonly price: number;
  /** Factor on the group's demand. */
  readonly demand: number;
  /** Factor on the group's elasticity. */
  readonly elasticity: number;
  /** Added to the logit of the group's return rate. */
  readonly returns: number;
  /** Factor on the group's residual value. */
  readonly residual: number;
}

const BRANDS = 40;

/**
 * The brands of a simulation: a few large, many small.
 * @param seed of the simulation
 * @returns always as many, in order of size
 */
export function drawBrands(seed: number): readonly Brand[] {
  return Array.from({ length: BRANDS }, (_, index) => {
    const random = randomStream(seed, STREAMS.brand, index);
    return {
      name: `brand-${String(index + 1).padStart(2, '0')}`,
      weight: 1 / (index + 4),
      price: lognormalFactor(random, 0.3),
      demand: lognormalFactor(random, 0.35),
      elasticity: lognormalFactor(random, 0.12),
      returns: 0.2 * normal(random),
      residual: lognormalFactor(random, 0.15),
    };
  });
}
