import { uniform } from './stream.ts';
import { type RandomGenerator } from 'pure-rand/types/RandomGenerator';

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
