import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { ConfigurationError } from '@hemline/core';
import { expect, test } from 'vitest';
import { comparePaired } from '../../src/comparison/paired-comparison.ts';
import { SeededRandom } from '../../src/testing/synthetic/random.ts';

interface Case {
  readonly candidate: number[];
  readonly reference: number[];
  readonly confidence: number;
  readonly comparisons: number;
  readonly difference: number;
  readonly interval: [number, number];
}

const cases = JSON.parse(
  readFileSync(new URL('../golden/comparison.json', import.meta.url), 'utf8'),
) as Case[];

test.each(cases)("interval of $candidate.length pairs at $confidence for $comparisons is SciPy's", (each) => {
  const { candidate, reference, confidence, comparisons } = each;
  const found = comparePaired(candidate, reference, { confidence, comparisons });
  expect(found.difference).toBeCloseTo(each.difference, 12);
  const width = each.interval[1] - each.interval[0];
  for (const end of [0, 1] as const)
    expect(Math.abs(found.interval![end] - each.interval[end]) / width).toBeLessThan(1e-10);
  expect(found.verdict).toBe(each.interval[1] < 0 ? 'better' : each.interval[0] > 0 ? 'worse' : 'undecided');
});

const scores = fc.array(
  fc.tuple(fc.double({ min: 0, max: 2, noNaN: true }), fc.double({ min: 0, max: 2, noNaN: true })),
  { minLength: 2, maxLength: 12 },
);

test('exchanging the two turns the interval and the verdict round; more comparisons widen it', () => {
  fc.assert(
    fc.property(scores, (pairs) => {
      const [a, b] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
      const there = comparePaired(a, b, { confidence: 0.95 });
      const back = comparePaired(b, a, { confidence: 0.95 });
      expect(there.interval![0]).toBeCloseTo(-back.interval![1], 10);
      expect([there.verdict, back.verdict]).toEqual(
        there.verdict === 'undecided'
          ? ['undecided', 'undecided']
          : [there.verdict, there.verdict === 'better' ? 'worse' : 'better'],
      );
      const wide = comparePaired(a, b, { confidence: 0.95, comparisons: 10 });
      expect(wide.interval![1]).toBeGreaterThanOrEqual(there.interval![1]);
    }),
    { seed: 3 },
  );
});

test('a single pair says nothing of the noise; equals are undecided', () => {
  expect(comparePaired([0.2], [0.9], { confidence: 0.95 })).toMatchObject({
    interval: null,
    verdict: 'undecided',
  });
  expect(comparePaired([0.5, 0.6], [0.5, 0.6], { confidence: 0.95 })).toMatchObject({
    interval: [0, 0],
    verdict: 'undecided',
  });
});

test('scores that cannot be paired, and confidences that are none, are errors', () => {
  expect(() => comparePaired([1], [1, 2], { confidence: 0.95 })).toThrow(ConfigurationError);
  expect(() => comparePaired([], [], { confidence: 0.95 })).toThrow(/cannot be paired/);
  expect(() => comparePaired([1, 2], [1, 2], { confidence: 1 })).toThrow(/in \(0, 1\)/);
});

test('among eleven that are as good as the champion, one passes for another no oftener than stated', () => {
  const random = new SeededRandom(23);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  const draw = (): number[] => Array.from({ length: 6 }, normal);
  const experiments = 1000;
  let [wrong, careless] = [0, 0];
  for (let i = 0; i < experiments; i++) {
    const champion = draw();
    const others = Array.from({ length: 11 }, draw);
    const isFooled = (comparisons: number): boolean =>
      others.some(
        (scores) =>
          comparePaired(scores, champion, { confidence: 0.95, comparisons }).verdict !== 'undecided',
      );
    if (isFooled(11)) wrong += 1;
    if (isFooled(1)) careless += 1;
  }
  expect(wrong / experiments).toBeLessThan(0.05);
  // Without the correction a fifth of all experiments would announce something.
  expect(careless / experiments).toBeGreaterThan(0.2);
});
