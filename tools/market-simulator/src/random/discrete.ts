import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { beta, gamma } from './continuous.ts';
import { uniform } from './stream.ts';

/** Below this mean, counting through a distribution is faster than splitting or reducing it. */
const INVERSION_LIMIT = 12;

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
