import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomial, categorical, multinomial, poisson } from '../../src/random/discrete.ts';
import { dirichlet, lognormalFactor } from '../../src/random/continuous.ts';
import { randomStream, STREAMS, uniform } from '../../src/random/stream.ts';

const DRAWS = 20_000;
const stream = (key: number) => randomStream(7, STREAMS.series, key);

describe('streams', () => {
  it('give the same numbers for the same keys', () => {
    const [a, b] = [stream(3), stream(3)];
    expect(Array.from({ length: 50 }, () => uniform(a))).toEqual(
      Array.from({ length: 50 }, () => uniform(b)),
    );
  });

  it('differ in each key, in both halves of the seed, and in their purpose', () => {
    const firsts = [
      randomStream(1, STREAMS.series, 0, 0),
      randomStream(1, STREAMS.series, 0, 1),
      randomStream(1, STREAMS.series, 1, 0),
      randomStream(1, STREAMS.article, 0, 0),
      randomStream(2, STREAMS.series, 0, 0),
      randomStream(1 + 2 ** 32, STREAMS.series, 0, 0),
    ].map(uniform);
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  it('of neighbouring keys are not correlated', () => {
    let products = 0;
    for (let key = 0; key < DRAWS; key++)
      products += (uniform(stream(key)) - 0.5) * (uniform(stream(key + 1)) - 0.5);
    // The mean product of independent uniforms has standard deviation 1 / (12 √n).
    expect(Math.abs(products / DRAWS)).toBeLessThan(4 / (12 * Math.sqrt(DRAWS)));
  });
});

describe('bounds', () => {
  it('binomial stays within its trials, for any probability', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), (n, p, key) => {
        const drawn = binomial(stream(key), n, p);
        expect(Number.isInteger(drawn) && drawn >= 0 && drawn <= n).toBe(true);
        if (p === 0) expect(drawn).toBe(0);
        if (p === 1) expect(drawn).toBe(n);
      }),
    );
  });

  it('poisson gives whole numbers, and 0 for mean 0', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e5, noNaN: true }), fc.nat(), (mean, key) => {
        const drawn = poisson(stream(key), mean);
        expect(Number.isInteger(drawn) && drawn >= 0).toBe(true);
        if (mean === 0) expect(drawn).toBe(0);
      }),
    );
  });

  it('multinomial hands out every trial once', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (n, weights) => {
        const sum = weights.reduce((a, b) => a + b);
        const counts = new Float64Array(weights.length);
        multinomial(
          stream(n),
          n,
          Float64Array.from(weights, (w) => w / sum),
          counts,
        );
        expect(counts.reduce((a, b) => a + b)).toBe(n);
        expect(counts.every((count) => count >= 0)).toBe(true);
      }),
    );
  });
});

describe('moments', () => {
  it('lognormal factors have mean 1', () => {
    const random = stream(1);
    let sum = 0;
    for (let i = 0; i < DRAWS; i++) sum += lognormalFactor(random, 0.5);
    expect(Math.abs(sum / DRAWS - 1)).toBeLessThan(4 * Math.sqrt((Math.exp(0.25) - 1) / DRAWS));
  });

  it('multinomial and categorical follow their shares', () => {
    const random = stream(2);
    const shares = Float64Array.of(0.1, 0.2, 0.3, 0.4);
    const thrown = new Float64Array(4);
    multinomial(random, DRAWS, shares, thrown);
    const chosen = new Float64Array(4);
    for (let i = 0; i < DRAWS; i++) chosen[categorical(random, [1, 2, 3, 4])]!++;
    shares.forEach((share, box) => {
      const bound = 4 * Math.sqrt(share * (1 - share) * DRAWS);
      expect(Math.abs(thrown[box]! - share * DRAWS)).toBeLessThan(bound);
      expect(Math.abs(chosen[box]! - share * DRAWS)).toBeLessThan(bound);
    });
  });

  it('dirichlet shares sum to 1 and scatter as documented', () => {
    const random = stream(3);
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < 4000; i++) {
      const drawn = dirichlet(random, [0.2, 0.3, 0.5], 10);
      expect(drawn[0]! + drawn[1]! + drawn[2]!).toBeCloseTo(1, 12);
      sum += drawn[0]!;
      squares += (drawn[0]! - 0.2) ** 2;
    }
    expect(sum / 4000).toBeCloseTo(0.2, 2);
    expect(squares / 4000 / ((0.2 * 0.8) / 11)).toBeCloseTo(1, 1);
  });
});
