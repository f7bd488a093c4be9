import { uniform } from './stream.ts';
import { type RandomGenerator } from 'pure-rand/types/RandomGenerator';

/**
 * Draws one of several choices. O(choices).
 * @param random the stream
 * @param weights non-negative, of any sum
 * @returns index of the choice
 */
export function categorical(random: RandomGenerator, weights: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i]!;
  let rest = uniform(random) * sum;
  for (let i = 0; i < weights.length - 1; i++) {
    rest -= weights[i]!;
    if (rest < 0) return i;
  }
  return weights.length - 1;
}
