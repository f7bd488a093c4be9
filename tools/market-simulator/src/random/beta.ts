import { gamma } from './gamma.ts';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/**
 * A beta number, as a ratio of gammas.
 * @param random the stream
 * @param a positive
 * @param b positive
 * @returns a number in [0, 1] with mean a / (a + b)
 */
export function beta(random: RandomGenerator, a: number, b: number): number {
  const x = gamma(random, a);
  return x / (x + gamma(random, b));
}
