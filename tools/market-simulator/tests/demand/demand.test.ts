import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { discountLift } from '../../src/demand/discount-response.ts';
import { expectedNoiseFactor, firstNoise, nextNoise, noiseFactor } from '../../src/demand/noise.ts';
import { lifeCycleFactor } from '../../src/demand/life-cycle.ts';
import { randomStream, STREAMS } from '../../src/random/stream.ts';

const positive = (max: number) => fc.double({ min: 1e-3, max, noNaN: true });

describe('the response to a discount', () => {
  const response = fc.record({
    elasticity: positive(6),
    saturation: positive(3),
    badge: fc.double({ min: 0, max: 1, noNaN: true }),
    campaignBoost: fc.double({ min: 0, max: 1, noNaN: true }),
  });

  it('is 0 without one, never falls, and is bounded', () => {
    fc.assert(
      fc.property(
        response,
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (parameters, a, b) => {
          expect(discountLift(parameters, 0)).toBeCloseTo(0, 12);
          const [low, high] = [Math.min(a, b), Math.max(a, b)].map((d) => discountLift(parameters, d));
          expect(high!).toBeGreaterThanOrEqual(low! - 1e-12);
          expect(high!).toBeLessThanOrEqual(
            parameters.elasticity * parameters.saturation + parameters.badge + 1e-9,
          );
        },
      ),
    );
  });

  it('starts with the slope of the elasticity', () => {
    const parameters = { elasticity: 1.7, saturation: 1.2, badge: 0, campaignBoost: 0 };
    expect(discountLift(parameters, 1e-6) / 1e-6).toBeCloseTo(1.7, 4);
  });
});

describe('the life cycle', () => {
  it('rises, peaks and fades', () => {
    const factors = Array.from({ length: 30 }, (_, age) =>
      lifeCycleFactor({ rampWeeks: 2, decay: 0.03 }, age),
    );
    const peak = factors.indexOf(Math.max(...factors));
    expect(peak).toBeGreaterThan(2);
    expect(peak).toBeLessThan(10);
    expect(factors[29]!).toBeLessThan(factors[peak]! * 0.7);
  });
});

describe('noise', () => {
  const noise = { persistence: 0.7, deviation: 0.3 };

  it('has the deviation, the persistence and the mean it is asked for', () => {
    const random = randomStream(3, STREAMS.series, 0);
    const states: number[] = [firstNoise(noise, random)];
    for (let i = 1; i < 40_000; i++) states.push(nextNoise(noise, random, states[i - 1]!));
    const n = states.length;
    const variance = states.reduce((sum, state) => sum + state * state, 0) / n;
    const lagged = states.slice(1).reduce((sum, state, i) => sum + state * states[i]!, 0) / (n - 1);
    expect(Math.sqrt(variance)).toBeCloseTo(0.3, 2);
    expect(lagged / variance).toBeCloseTo(0.7, 1);
    expect(states.reduce((sum, state) => sum + noiseFactor(noise, state), 0) / n).toBeCloseTo(1, 2);
  });

  it('is forecast without bias', () => {
    const random = randomStream(4, STREAMS.series, 0);
    for (const ahead of [1, 5]) {
      let sum = 0;
      for (let i = 0; i < 20_000; i++) {
        let state = 0.4;
        for (let week = 0; week < ahead; week++) state = nextNoise(noise, random, state);
        sum += noiseFactor(noise, state);
      }
      expect(Math.abs(sum / 20_000 - expectedNoiseFactor(noise, 0.4, ahead))).toBeLessThan(0.01);
    }
    expect(expectedNoiseFactor(noise, 0.4, 0)).toBeCloseTo(noiseFactor(noise, 0.4), 12);
    expect(expectedNoiseFactor(noise, 0.4, 100)).toBeCloseTo(1, 9);
  });
});
