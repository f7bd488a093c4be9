/** Nodes and weights of a quadrature rule. */
export interface Quadrature {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

const STEPS = 100;

/**
 * Gauss–Hermite quadrature for expectations under the standard normal distribution: E f(Z) ≈ Σ w_i f(z_i), exact for
 * polynomials up to degree 2n − 1. Roots of the probabilists' Hermite polynomial by Newton's method, from the largest
 * down, each divided out (Press et al. 2007, Numerical Recipes, section 4.6).
 * @param count n, 1 to 40
 * @returns nodes, rising, and weights that sum to 1
 */
export function gaussHermite(count: number): Quadrature {
  const roots: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < count; i++) {
    let z = i === 0 ? Math.sqrt(4 * count + 2) : roots[i - 1]! - 1e-3;
    for (let step = 0; step < STEPS; step++) {
      const [value, derivative] = normalizedHermite(count, z);
      let deflation = 0;
      for (const root of roots) deflation += 1 / (z - root);
      const change = value / (derivative - value * deflation);
      z -= change;
      if (Math.abs(change) < 1e-14 * (1 + Math.abs(z))) break;
    }
    const [, slope] = normalizedHermite(count, z);
    roots.push(z);
    weights.push(count / (slope * slope));
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    nodes: Float64Array.from(roots).reverse(),
    weights: Float64Array.from(weights, (weight) => weight / total).reverse(),
  };
}

/** The Hermite polynomial over sqrt(n!), and its derivative. */
function normalizedHermite(count: number, z: number): [value: number, derivative: number] {
  let before = 0;
  let value = 1;
  for (let n = 0; n < count; n++)
    [before, value] = [value, (z * value - Math.sqrt(n) * before) / Math.sqrt(n + 1)];
  return [value, Math.sqrt(count) * before];
}
