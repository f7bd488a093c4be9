import { expect, test } from 'vitest';
import { GrowingColumns } from '../src/growing-columns.ts';

test('columns keep what was written while they grow, and hold no more than was added', () => {
  const columns = new GrowingColumns({ whole: Int32Array, real: Float64Array });
  let rows = 0;
  for (const size of [3, 0, 1500, 1, 5000]) {
    // One more than is added in the end.
    const into = columns.reserve(size + 1);
    expect(columns.length).toBe(rows);
    for (let row = rows; row <= rows + size; row++) {
      into.whole[row] = row;
      into.real[row] = row / 2;
    }
    columns.add(size);
    rows += size;
  }
  const { whole, real } = columns.filled();
  expect(whole).toEqual(Int32Array.from({ length: rows }, (_, row) => row));
  expect(real).toEqual(Float64Array.from({ length: rows }, (_, row) => row / 2));
});
