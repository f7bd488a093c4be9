import { expect, it } from 'vitest';
import { Cholesky, nonNegativeMinimum } from '../../src/response/symmetric-matrix.ts';
import { SeededRandom } from '../support/random.ts';

function positiveDefinite(random: SeededRandom, size: number): Float64Array {
  const root = Float64Array.from({ length: size * size }, () => random.uniform() - 0.5);
  return Float64Array.from({ length: size * size }, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    let sum = i === j ? 0.1 : 0;
    for (let k = 0; k < size; k++) sum += root[i * size + k]! * root[j * size + k]!;
    return sum;
  });
}

const product = (values: Float64Array, x: Float64Array): number[] =>
  Array.from(x, (_, i) => x.reduce((sum, one, j) => sum + values[i * x.length + j]! * one, 0));

it('solves and inverts', () => {
  const random = new SeededRandom(1);
  const values = positiveDefinite(random, 6);
  const right = Float64Array.from({ length: 6 }, () => random.uniform());
  const factor = new Cholesky({ size: 6, values });
  product(values, factor.solve(right)).forEach((one, i) => expect(one).toBeCloseTo(right[i]!, 9));
  const inverse = factor.inverse();
  product(values, Float64Array.from(product(inverse, right))).forEach((one, i) =>
    expect(one).toBeCloseTo(right[i]!, 9),
  );
});

it('gives columns that others explain no part', () => {
  const factor = new Cholesky({ size: 3, values: Float64Array.of(2, 2, 0, 2, 2, 0, 0, 0, 0) });
  [2, 0, 0].forEach((one, i) => expect(factor.solve([4, 4, 0])[i]).toBeCloseTo(one, 12));
});

it('finds the least with no number below 0: gradients vanish where it is above, and are at least 0 where it is not', () => {
  const random = new SeededRandom(2);
  for (let round = 0; round < 50; round++) {
    const values = positiveDefinite(random, 5);
    const right = Float64Array.from({ length: 5 }, () => random.uniform() - 0.5);
    const x = nonNegativeMinimum({ size: 5, values }, right);
    product(values, x).forEach((one, i) => {
      expect(x[i]).toBeGreaterThanOrEqual(0);
      if (x[i]! > 0) expect(one - right[i]!).toBeCloseTo(0, 6);
      else expect(one - right[i]!).toBeGreaterThan(-1e-6);
    });
  }
});
