import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';

export type { RandomGenerator };

/** What a stream is for. Streams of different purposes never share numbers, so one can change without the others. */
export const STREAMS = { article: 1, brand: 2, market: 3, campaigns: 4, series: 5, runOut: 6 } as const;

/** One of {@link STREAMS}. */
export type StreamKind = (typeof STREAMS)[keyof typeof STREAMS];

/** Odd constants that tell the four words of the state apart (fractional digits of √2, √3, √5 and √7). */
const LANES = [0x6a09e667, 0xbb67ae85, 0x3c6ef373, 0xa54ff53b];

/**
 * A random stream of its own for one thing of the simulation: it depends on the seed and the keys alone, never on what
 * was drawn before. That makes the output independent of the order and the blocks in which articles are simulated.
 * @param seed of the simulation, a non-negative safe integer
 * @param kind what the stream is for
 * @param keys which article, market, … it is for; non-negative integers
 * @returns a xoroshiro128+ generator
 */
export function randomStream(seed: number, kind: StreamKind, ...keys: readonly number[]): RandomGenerator {
  const words = [seed % 2 ** 32, Math.floor(seed / 2 ** 32), kind, ...keys];
  const state: number[] = LANES.map((lane) =>
    words.reduce((hash, word) => mix(hash ^ mix(word + lane)), lane | 0),
  );
  // The all-zero state is the one from which xoroshiro never leaves.
  if (state.reduce((bits, word) => bits | word, 0) === 0) state[0] = 1;
  return xoroshiro128plusFromState(state);
}

/**
 * A stream from where another was.
 * @param state as `getState` told it
 * @returns a stream that goes on as that one did
 */
export function resumeStream(state: ArrayLike<number>): RandomGenerator {
  return xoroshiro128plusFromState(Array.from(state));
}

/**
 * @param random the stream
 * @returns a number in [0, 1), 53 random bits
 */
export function uniform(random: RandomGenerator): number {
  return uniformFloat64(random);
}

/**
 * @param random the stream
 * @param from lower end
 * @param to upper end
 * @returns a number in [from, to)
 */
export function uniformBetween(random: RandomGenerator, from: number, to: number): number {
  return from + (to - from) * uniformFloat64(random);
}

/** The finaliser of MurmurHash3: every bit of the input reaches every bit of the output. */
function mix(word: number): number {
  let hash = (word + 0x9e3779b9) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
