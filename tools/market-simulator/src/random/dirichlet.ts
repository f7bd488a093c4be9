import { gamma } from './gamma.ts';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/**
 * Shares that sum to 1 and scatter around given ones.
 * @param random the stream
 * @param shares the expected shares, all positive
 * @param concentration the higher, the nearer: the variance of a share s is s (1 − s) / (concentration + 1)
 * @returns the shares
 */
export function dirichlet(
  random: RandomGenerator,
  shares: ArrayLike<number>,
  concentration: number,
): Float64Array {
  const drawn = Float64Array.from(shares, (share) => gamma(random, share * concentration));
  const sum = drawn.reduce((total, value) => total + value, 0);
  return drawn.map((value) => value / sum);
}
