import { beta } from './beta.ts';
import { uniform } from './stream.ts';
import { type RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** Below this expectation, counting through the distribution is faster than splitting. */
const INVERSION_LIMIT = 12;

/**
 * The number of successes in independent trials. Exact: many trials are halved at a beta-distributed order statistic
 * (Relles 1972; Devroye 1986, X.4.3) until inversion is cheap. O(log trials).
 * @param random the stream
 * @param trials non-negative integer
 * @param probability of success, in [0, 1]
 * @returns an integer in [0, trials]
 */
export function binomial(random: RandomGenerator, trials: number, probability: number): number {
  let n = trials;
  let p = probability;
  let successes = 0;
  while (n * Math.min(p, 1 - p) > INVERSION_LIMIT) {
    // The i-th smallest of n uniforms splits the trials: those below it are successes wherever it is at most p.
    const i = 1 + Math.floor(n / 2);
    const split = beta(random, i, n + 1 - i);
    if (split <= p) {
      successes += i;
      p = (p - split) / (1 - split);
      n -= i;
    } else {
      p /= split;
      n = i - 1;
    }
  }
  return successes + (p > 0.5 ? n - invert(random, n, 1 - p) : invert(random, n, p));
}

/** Walks the distribution from 0 up until the uniform number is reached. */
function invert(random: RandomGenerator, n: number, p: number): number {
  if (n <= 0 || p <= 0) return 0;
  const odds = p / (1 - p);
  let mass = (1 - p) ** n;
  let rest = uniform(random);
  let k = 0;
  while (rest >= mass && k < n) {
    rest -= mass;
    mass *= (odds * (n - k)) / (k + 1);
    k++;
  }
  return k;
}
