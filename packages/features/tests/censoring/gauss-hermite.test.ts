import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { gaussHermite } from '../../src/censoring/gauss-hermite.ts';

/** By NumPy; see golden/make.py. */
const golden = JSON.parse(readFileSync(new URL('golden/tails-and-rules.json', import.meta.url), 'utf8')) as {
  readonly rules: Readonly<Record<string, { readonly nodes: number[]; readonly weights: number[] }>>;
};

/** Whether a number is another, up to so many times it or 1, whichever is more. */
function close(found: number, wanted: number, tolerance: number): boolean {
  return Math.abs(found - wanted) <= tolerance * Math.max(1, Math.abs(wanted));
}

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
