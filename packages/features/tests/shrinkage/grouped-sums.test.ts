import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GroupedSums } from '../../src/shrinkage/grouped-sums.ts';

test('what plain sums lose between large terms is kept, in any order', () => {
  const terms = [1, 1e16, 1, 1, -1e16, 1];
  expect(terms.reduce((sum, term) => sum + term, 0)).not.toBe(4);
  fc.assert(
    fc.property(fc.shuffledSubarray(terms, { minLength: terms.length }), (turned) => {
      const sums = new GroupedSums(1);
      for (const term of turned) sums.add(0, 0, term);
      expect(sums.at(0, 0)).toBe(4);
    }),
  );
});

test('sums of other keys and positions stay apart while room grows', () => {
  const keys = 1000;
  const sums = new GroupedSums(2);
  for (let key = 0; key < keys; key++) {
    sums.reserve(key + 1);
    sums.add(key, 0, key);
    sums.add(key, 1, -key);
    sums.add(0, 1, 1);
  }
  expect(sums.column(0, keys)).toEqual(Float64Array.from({ length: keys }, (_, key) => key));
  expect(sums.at(0, 1)).toBe(keys);
  expect(sums.at(keys - 1, 1)).toBe(1 - keys);
});
