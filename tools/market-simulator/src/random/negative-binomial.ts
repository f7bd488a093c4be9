import { gamma } from './gamma.ts';
import { poisson } from './poisson.ts';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/**
 * An overdispersed count: Poisson with a gamma-distributed mean.
 * @param random the stream
 * @param mean non-negative
 * @param size of the gamma: variance = mean + mean² / size
 * @returns a non-negative integer
 */
export function negativeBinomial(random: RandomGenerator, mean: number, size: number): number {
  return mean <= 0 ? 0 : poisson(random, (mean * gamma(random, size)) / size);
}
