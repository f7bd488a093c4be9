import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  digamma,
  gammaP,
  inverseTrigamma,
  logGamma,
  studentP,
  studentQuantile,
  trigamma,
} from '../src/special-functions.ts';

/** By SciPy; see golden/make.py. */
const golden = JSON.parse(
  readFileSync(new URL('golden/special-functions.json', import.meta.url), 'utf8'),
) as {
  readonly logGamma: readonly [number, number][];
  readonly digamma: readonly [number, number][];
  readonly trigamma: readonly [number, number][];
  readonly studentP: readonly [t: number, degrees: number, p: number][];
  readonly studentQuantile: readonly [probability: number, degrees: number, t: number][];
};

/** Whether a number is another, up to so many times it or 1, whichever is more. */
function close(found: number, wanted: number, tolerance: number): boolean {
  return Math.abs(found - wanted) <= tolerance * Math.max(1, Math.abs(wanted));
}

describe('the gamma function’s relatives', () => {
  it('are those of SciPy', () => {
    expect(golden.logGamma.filter(([x, wanted]) => !close(logGamma(x), wanted, 1e-14))).toEqual([]);
    expect(golden.digamma.filter(([x, wanted]) => !close(digamma(x), wanted, 1e-14))).toEqual([]);
    expect(golden.trigamma.filter(([x, wanted]) => !close(trigamma(x), wanted, 1e-14))).toEqual([]);
  });

  it('have the distribution functions that are known in closed form', () => {
    for (const x of [0, 0.3, 1, 4, 30]) expect(gammaP(1, x)).toBeCloseTo(-Math.expm1(-x), 14);
    // Half a χ² with one degree of freedom: erf(1), erf(√2); with four: 1 − e^(−x)(1 + x).
    expect(gammaP(0.5, 1)).toBeCloseTo(0.8427007929497149, 13);
    expect(gammaP(0.5, 2)).toBeCloseTo(0.9544997361036416, 13);
    expect(gammaP(2, 3)).toBeCloseTo(1 - 4 * Math.exp(-3), 14);
  });

  it('can be turned round', () => {
    for (const [x] of golden.trigamma.filter(([x]) => x < 1e6))
      expect(inverseTrigamma(trigamma(x)) / x).toBeCloseTo(1, 9);
    expect(inverseTrigamma(1e-9)).toBe(Infinity);
  });
});

describe('Student’s t', () => {
  it('has the p-values of SciPy, far out too', () => {
    expect(golden.studentP.length).toBeGreaterThan(50);
    for (const [t, degrees, p] of golden.studentP) {
      expect(Math.abs(studentP(t, degrees) - p), `t = ${t}, ${degrees} degrees`).toBeLessThanOrEqual(
        1e-9 * p,
      );
      expect(studentP(-t, degrees)).toBe(studentP(t, degrees));
    }
  });

  it('has the p-values of tables', () => {
    // Critical values of two-sided tests: t(10) at 5 %, t(5) at 1 %, t(1) at 50 %; the normal limit.
    expect(studentP(2.2281388519649385, 10)).toBeCloseTo(0.05, 10);
    expect(studentP(-4.032142983557536, 5)).toBeCloseTo(0.01, 10);
    expect(studentP(1, 1)).toBeCloseTo(0.5, 12);
    expect(studentP(1.959963984540054, 1e7)).toBeCloseTo(0.05, 6);
    expect([studentP(0, 3), studentP(Infinity, 3), studentP(NaN, 3)]).toEqual([1, 0, NaN]);
  });

  it('has the quantiles of SciPy', () => {
    for (const [probability, degrees, t] of golden.studentQuantile)
      expect(
        close(studentQuantile(probability, degrees), t, 1e-10),
        `${probability} with ${degrees} degrees`,
      ).toBe(true);
  });
});
