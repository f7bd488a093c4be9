import { normal } from '../random/continuous.ts';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** Autocorrelated disturbance of log demand: a stationary AR(1) process with mean 0. */
export interface Noise {
  /** Correlation of neighbouring weeks, in [0, 1). */
  readonly persistence: number;
  /** Stationary standard deviation. */
  readonly deviation: number;
}

/**
 * @param noise the process
 * @param random the stream
 * @returns a first state, from the stationary distribution
 */
export function firstNoise(noise: Noise, random: RandomGenerator): number {
  return noise.deviation * normal(random);
}

/**
 * @param noise the process
 * @param random the stream
 * @param state of the week before
 * @returns the state of the next week
 */
export function nextNoise(noise: Noise, random: RandomGenerator, state: number): number {
  const { persistence, deviation } = noise;
  return persistence * state + deviation * Math.sqrt(1 - persistence * persistence) * normal(random);
}

/**
 * @param noise the process
 * @param state of the week
 * @returns the factor on demand, with expectation 1 over all states
 */
export function noiseFactor(noise: Noise, state: number): number {
  return Math.exp(state - noise.deviation ** 2 / 2);
}

/**
 * What the factor is expected to be later, given the state of a week.
 * @param noise the process
 * @param state of the week that is known
 * @param weeksAhead weeks after it
 * @returns E[factor], tending to 1
 */
export function expectedNoiseFactor(noise: Noise, state: number, weeksAhead: number): number {
  const carried = noise.persistence ** weeksAhead;
  return Math.exp(carried * state - (noise.deviation ** 2 * carried * carried) / 2);
}
