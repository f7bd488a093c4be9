import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SeededRandom } from '@hemline/evaluation/testing';
import { derivatives, logLoss, type CohortSample } from '../src/censored-binomial.ts';

const one = (units: number, returned: number, maturity: number): CohortSample => ({
  units: Float32Array.of(units),
  returned: Float32Array.of(returned),
  maturity: Float32Array.of(maturity),
});

const at = (sample: CohortSample, score: number): { gradient: number; hessian: number } => {
  const [gradient, hessian] = [new Float32Array(1), new Float32Array(1)];
  derivatives(sample, Float64Array.of(score), gradient, hessian);
  return { gradient: gradient[0]!, hessian: hessian[0]! };
};

describe('the likelihood of open cohorts', () => {
  test('its gradient is the slope of its log loss', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(0.05, 0.25, 0.7, 0.99, 1),
        fc.double({ min: -6, max: 6, noNaN: true }),
        (units, part, share, score) => {
          const sample = one(units, Math.round(part * units), share);
          const step = 1e-4;
          const loss = (s: number): number => units * logLoss(sample, Float64Array.of(s));
          const slope = (loss(score + step) - loss(score - step)) / (2 * step);
          const { gradient, hessian } = at(sample, score);
          expect(gradient).toBeCloseTo(slope, 3);
          expect(hessian).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  test('stays finite at extreme scores', () => {
    for (const score of [-800, -40, 40, 800])
      for (const share of [0.3, 1])
        for (const returned of [0, 3, 7]) {
          const sample = one(7, returned, share);
          const { gradient, hessian } = at(sample, score);
          expect([gradient, hessian].every(Number.isFinite), `${score} ${share} ${returned}`).toBe(true);
        }
  });

  test('finds the rate of young cohorts, where the binomial likelihood finds too little', () => {
    const random = new SeededRandom(3);
    const [rate, share, units, count] = [0.4, 0.35, 6, 20_000];
    const returned = Float32Array.from({ length: count }, () => random.binomial(units, rate * share));
    const all = new Float32Array(count);
    const sample = { units: all.fill(units), returned, maturity: new Float32Array(count).fill(share) };
    const naive = { ...sample, maturity: new Float32Array(count).fill(1) };
    const solve = (cohorts: CohortSample): number => {
      let score = 0;
      const [gradient, hessian] = [new Float32Array(count), new Float32Array(count)];
      for (let step = 0; step < 30; step++) {
        derivatives(cohorts, new Float64Array(count).fill(score), gradient, hessian);
        const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);
        score -= sum(gradient) / sum(hessian);
      }
      return 1 / (1 + Math.exp(-score));
    };
    expect(solve(sample)).toBeCloseTo(rate, 2);
    expect(solve(naive)).toBeCloseTo(rate * share, 2);
  });
});
