import { normal } from './normal.ts';
import { uniform } from './stream.ts';
import { type RandomGenerator } from 'pure-rand/types/RandomGenerator';

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
