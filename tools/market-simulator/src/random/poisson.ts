import { binomial } from './binomial.ts';
import { gamma } from './gamma.ts';
import { uniform } from './stream.ts';
import { type RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** Below this mean, counting through the distribution is faster than reducing. */
const INVERSION_LIMIT = 12;

/**
 * A Poisson count. Exact: large means are reduced through the gamma-distributed time of the m-th event (Ahrens and
 * Dieter 1974), small ones inverted. O(log mean).
 * @param random the stream
 * @param mean non-negative
 * @returns a non-negative integer
 */
export function poisson(random: RandomGenerator, mean: number): number {
  let count = 0;
  let rest = mean;
  while (rest > INVERSION_LIMIT) {
    const m = Math.floor((7 * rest) / 8);
    const time = gamma(random, m);
    if (time > rest) return count + binomial(random, m - 1, rest / time);
    count += m;
    rest -= time;
  }
  let mass = Math.exp(-rest);
  let left = uniform(random);
  // The bound ends the walk should rounding leave a sliver of probability over.
  for (let k = 0; k < 200; k++) {
    if (left < mass) return count + k;
    left -= mass;
    mass *= rest / (k + 1);
  }
  return count;
}
