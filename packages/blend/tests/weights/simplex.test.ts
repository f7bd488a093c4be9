import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Gram } from '../../src/weights/gram.ts';
import { simplexLeastSquares } from '../../src/weights/simplex.ts';

function gramOf(actual: readonly number[], forecasts: readonly (readonly number[])[]): Gram {
  const gram = new Gram(forecasts[0]!.length);
  actual.forEach((units, row) => gram.add(1 + (row % 3), units, forecasts[row]!));
  return gram;
}
const solve = ({ products, cross }: Gram): Float64Array => simplexLeastSquares(products, cross);

it('finds the weights that a sum was made with', () => {
  const forecasts = [
    [1, 5, 2],
    [4, 1, 3],
    [2, 2, 9],
    [7, 3, 1],
  ];
  const truth = [0.2, 0.5, 0.3];
  const actual = forecasts.map((row) => row.reduce((sum, units, i) => sum + truth[i]! * units, 0));
  solve(gramOf(actual, forecasts)).forEach((weight, i) => expect(weight).toBeCloseTo(truth[i]!, 8));
});

it('gives nothing to a member that would need a negative weight', () => {
  const forecasts = [
    [1, 2],
    [2, 4],
    [3, 6],
  ];
  expect([...solve(gramOf([0.5, 1, 1.5], forecasts))]).toEqual([1, 0]);
});

it('gives members that are the same to the last digit to one of them, and equal weights where all is 0', () => {
  const same = [
    ...solve(
      gramOf(
        [1, 2],
        [
          [1.5, 1.5],
          [1, 1],
        ],
      ),
    ),
  ];
  expect(same.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  expect([
    ...solve(
      gramOf(
        [0, 0],
        [
          [0, 0],
          [0, 0],
        ],
      ),
    ),
  ]).toEqual([0.5, 0.5]);
});

it('is no worse than any other convex weights', () => {
  const row = fc.array(
    fc.integer({ min: 0, max: 2000 }).map((hundredths) => hundredths / 100),
    { minLength: 4, maxLength: 4 },
  );
  const rows = fc.array(row, { minLength: 3, maxLength: 12 });
  const point = fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(rows, fc.array(point, { minLength: 1, maxLength: 20 }), (data, points) => {
      const gram = gramOf(
        data.map(([units]) => units!),
        data.map(([, ...forecasts]) => forecasts),
      );
      const found = solve(gram);
      expect(Math.min(...found)).toBeGreaterThanOrEqual(0);
      expect(found.reduce((a, b) => a + b)).toBeCloseTo(1, 10);
      const corners = [0, 1, 2].map((i) => [0, 1, 2].map((j) => Number(i === j)));
      for (const other of [...corners, ...points]) {
        const sum = other.reduce((a, b) => a + b);
        const loss = gram.loss(Float64Array.from(other, (weight) => weight / sum));
        expect(gram.loss(found)).toBeLessThanOrEqual(loss + 1e-6 * (1 + gram.square));
      }
    }),
    { seed: Number(process.env['FAST_CHECK_SEED'] ?? 7), numRuns: 300 },
  );
});
