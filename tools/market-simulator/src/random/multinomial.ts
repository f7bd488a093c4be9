import { binomial } from './binomial.ts';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/**
 * Throws trials into boxes, by one conditional binomial a box.
 * @param random the stream
 * @param trials non-negative integer
 * @param shares probability of each box, summing to 1
 * @param counts filled with how many fell into each; as long as `shares`
 */
export function multinomial(
  random: RandomGenerator,
  trials: number,
  shares: Float64Array,
  counts: Float64Array,
): void {
  let left = trials;
  let share = 1;
  const last = shares.length - 1;
  for (let box = 0; box < last; box++) {
    const count = left === 0 ? 0 : binomial(random, left, Math.min(1, Math.max(0, shares[box]! / share)));
    counts[box] = count;
    left -= count;
    share -= shares[box]!;
  }
  counts[last] = left;
}
