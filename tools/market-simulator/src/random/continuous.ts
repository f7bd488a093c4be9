import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { uniform } from './stream.ts';

/**
 * A standard normal number by Box and Muller (1958). The second number of the pair is not kept, so that a draw depends
 * on the stream's state alone.
 * @param random the stream
 * @returns mean 0, variance 1
 */
export function normal(random: RandomGenerator): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform(random)));
  return radius * Math.cos(2 * Math.PI * uniform(random));
}

/**
 * A lognormal number with mean 1: the usual multiplicative disturbance.
 * @param random the stream
 * @param deviation standard deviation of the logarithm
 * @returns a positive number with expectation 1
 */
export function lognormalFactor(random: RandomGenerator, deviation: number): number {
  return Math.exp(deviation * normal(random) - (deviation * deviation) / 2);
}

/**
 * A gamma number with scale 1 by Marsaglia and Tsang, "A simple method for generating gamma variables" (2000); shapes
 * below 1 by their boost.
 * @param random the stream
 * @param shape positive
 * @returns mean and variance `shape`
 */
export function gamma(random: RandomGenerator, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * (1 - uniform(random)) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    const u = 1 - uniform(random);
    if (Math.log(u) < (x * x) / 2 + d * (1 - v + Math.log(v))) return d * v;
  }
}

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
