import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { digamma, logGamma, poissonTail } from '../../src/censoring/gamma-functions.ts';
import { gaussHermite } from '../../src/censoring/gauss-hermite.ts';

/** By SciPy and NumPy; see golden/make.py. */
const golden = JSON.parse(
  readFileSync(new URL('golden/special-functions.json', import.meta.url), 'utf8'),
) as {
  readonly logGamma: readonly [number, number][];
  readonly digamma: readonly [number, number][];
  readonly tails: readonly [count: number, mean: number, log: number, slope: number][];
  readonly rules: Readonly<Record<string, { readonly nodes: number[]; readonly weights: number[] }>>;
};

/** Whether a number is another, up to so many times it or 1, whichever is more. */
function close(found: number, wanted: number, tolerance: number): boolean {
  return Math.abs(found - wanted) <= tolerance * Math.max(1, Math.abs(wanted));
}

describe('gamma functions', () => {
  it('equal those of SciPy', () => {
    expect(golden.logGamma.filter(([x, wanted]) => !close(logGamma(x), wanted, 1e-12))).toEqual([]);
    expect(golden.digamma.filter(([x, wanted]) => !close(digamma(x), wanted, 1e-11))).toEqual([]);
  });
});

describe('the upper tail of a Poisson count', () => {
  it('equals the incomplete gamma function of SciPy, far out too', () => {
    expect(golden.tails.length).toBeGreaterThan(50);
    const tail = { logProbability: 0, slope: 0 };
    for (const [count, mean, log, slope] of golden.tails) {
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

describe('Gauss–Hermite quadrature', () => {
  it('has the nodes and weights of NumPy', () => {
    for (const [count, rule] of Object.entries(golden.rules)) {
      const { nodes, weights } = gaussHermite(Number(count));
      expect(nodes.length).toBe(rule.nodes.length);
      nodes.forEach((node, i) => {
        expect(close(node, rule.nodes[i]!, 1e-11)).toBe(true);
        expect(close(weights[i]!, rule.weights[i]!, 1e-11)).toBe(true);
      });
    }
  });
});
