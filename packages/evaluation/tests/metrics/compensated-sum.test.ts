import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CompensatedSum } from '../../src/metrics/compensated-sum.ts';

test('small terms beside large ones are not lost', () => {
  const sum = new CompensatedSum();
  for (const term of [1, 1e100, 1, -1e100]) sum.add(term);
  expect(sum.value).toBe(2);
});

test('a million tenths make a hundred thousand', () => {
  const sum = new CompensatedSum();
  for (let i = 0; i < 1_000_000; i++) sum.add(0.1);
  // As Python's math.fsum says, which rounds once; adding one by one gives 100000.00000133288.
  expect(sum.value).toBe(100_000);
});

test('integers add up exactly, in any order', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (terms) => {
      const sum = new CompensatedSum();
      for (const term of terms) sum.add(term);
      expect(sum.value).toBe(terms.reduce((a, b) => a + b, 0));
    }),
  );
});
