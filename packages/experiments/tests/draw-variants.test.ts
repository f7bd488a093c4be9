import fc from 'fast-check';
import { ConfigurationError } from '@hemline/core';
import { expect, test } from 'vitest';
import { experimentSchema, type Experiment } from '../src/declaration.ts';
import { drawVariants } from '../src/draw-variants.ts';

function draw(entry: Omit<Experiment['variants'][number], 'model'>): Readonly<Record<string, unknown>>[] {
  const experiment = { name: 'a', variants: [{ model: 'm', ...entry }], cutoffs: { count: 1 } };
  return drawVariants(experimentSchema.parse(experiment).variants[0]!);
}

test('without a number of draws, every combination is a variant', () => {
  expect(draw({ hyperparameters: { a: [1, 2], b: 'x', c: [true, false] } })).toEqual([
    { a: 1, b: 'x', c: true },
    { a: 1, b: 'x', c: false },
    { a: 2, b: 'x', c: true },
    { a: 2, b: 'x', c: false },
  ]);
  expect(draw({})).toEqual([{}]);
  // A list in a list is one value.
  expect(draw({ hyperparameters: { layers: [[64, 32], [128]] } })).toEqual([
    { layers: [64, 32] },
    { layers: [128] },
  ]);
});

test('draws are within their ranges, different, and the same for the same seed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
      const entry = {
        random: 12,
        seed,
        hyperparameters: {
          rate: { from: 1e-4, to: 0.1, scale: 'log' as const },
          width: { from: 3, to: 9, whole: true },
          share: { from: -1, to: 1 },
          kind: ['a', 'b'],
          fixed: 7,
        },
      };
      const sets = draw(entry);
      expect(sets).toEqual(draw(entry));
      expect(new Set(sets.map((each) => JSON.stringify(each))).size).toBe(12);
      for (const { rate, width, share, kind, fixed } of sets as Record<string, number>[]) {
        expect(rate! >= 1e-4 && rate! <= 0.1).toBe(true);
        expect(Number.isInteger(width) && width! >= 3 && width! <= 9).toBe(true);
        expect(share! >= -1 && share! <= 1).toBe(true);
        expect(['a', 'b']).toContain(kind);
        expect(fixed).toBe(7);
      }
    }),
    { numRuns: 30 },
  );
});

test('a log scale draws every power of ten alike, a whole range every number', () => {
  const rates = draw({
    random: 3000,
    hyperparameters: { rate: { from: 1e-4, to: 1e-1, scale: 'log' }, x: { from: 0, to: 1 } },
  });
  const below = rates.filter(({ rate }) => (rate as number) < 1e-3).length;
  expect(Math.abs(below / 3000 - 1 / 3)).toBeLessThan(0.04);
  const widths = draw({
    random: 3000,
    hyperparameters: { n: { from: 1, to: 4, whole: true }, x: { from: 0, to: 1 } },
  });
  for (const n of [1, 2, 3, 4])
    expect(Math.abs(widths.filter((each) => each['n'] === n).length / 3000 - 1 / 4)).toBeLessThan(0.04);
});

test('more draws than there are different ones are an error', () => {
  expect(() => draw({ random: 3, hyperparameters: { kind: ['a', 'b'] } })).toThrow(ConfigurationError);
  expect(draw({ random: 2, hyperparameters: { kind: ['a', 'b'] } })).toHaveLength(2);
});

test('what is drawn first depends on the seed, small as it is', () => {
  const first = Array.from(
    { length: 200 },
    (_, i) =>
      draw({ random: 1, seed: i + 1, hyperparameters: { rate: { from: 0, to: 1 } } })[0]!['rate'] as number,
  );
  const tenths = new Set(first.map((rate) => Math.floor(10 * rate)));
  expect(tenths.size).toBeGreaterThanOrEqual(10);
  expect(first.reduce((sum, rate) => sum + rate, 0) / first.length).toBeCloseTo(0.5, 1);
});
