import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { logGamma } from '@hemline/core/special-functions';
import { poissonTail } from '../../src/censoring/poisson-tail.ts';

/** By SciPy; see golden/make.py. */
const { tails } = JSON.parse(
  readFileSync(new URL('golden/tails-and-rules.json', import.meta.url), 'utf8'),
) as { readonly tails: readonly [count: number, mean: number, log: number, slope: number][] };

/** Whether a number is another, up to so many times it or 1, whichever is more. */
function close(found: number, wanted: number, tolerance: number): boolean {
  return Math.abs(found - wanted) <= tolerance * Math.max(1, Math.abs(wanted));
}

describe('the upper tail of a Poisson count', () => {
  it('equals the incomplete gamma function of SciPy, far out too', () => {
    expect(tails.length).toBeGreaterThan(50);
    const tail = { logProbability: 0, slope: 0 };
    for (const [count, mean, log, slope] of tails) {
      poissonTail(count, mean, logGamma(count), tail);
      expect(close(tail.logProbability, log, 1e-10), `log P(X >= ${count}; ${mean})`).toBe(true);
      expect(close(tail.slope, slope, 1e-9), `slope at ${count}, ${mean}`).toBe(true);
    }
  });

  it('is certain at zero', () => {
    const tail = { logProbability: 1, slope: 1 };
    poissonTail(0, 3, NaN, tail);
    expect(tail).toEqual({ logProbability: 0, slope: 0 });
  });

  it('gives the mean of the counts in it', () => {
    const [count, mean] = [4, 2.5];
    let [mass, sum] = [0, 0];
    for (let k = count; k < 80; k++) {
      const probability = Math.exp(k * Math.log(mean) - mean - logGamma(k + 1));
      mass += probability;
      sum += k * probability;
    }
    const tail = { logProbability: 0, slope: 0 };
    poissonTail(count, mean, logGamma(count), tail);
    expect(mean + tail.slope).toBeCloseTo(sum / mass, 10);
  });
});
