import { describe, expect, it } from 'vitest';
import { evaluateChoice } from '../../src/coordinator/choose-plans.ts';
import type { LinkingRow } from '../../src/coordinator/linking-row.ts';
import { repairChoice } from '../../src/coordinator/repair-choice.ts';
import { scalesOf } from '../../src/coordinator/scaling.ts';
import { SolutionCache } from '../../src/coordinator/solution-cache.ts';

// Ten articles: the first plan uses 10 of the first row, the second 6 of it and some of the second, for ever more profit lost.
const A = 10;
const evaluation = (plan: number) => ({
  profit: Float64Array.from({ length: A }, (_, a) => 100 - plan * (a + 1)),
  use: Float64Array.from({ length: 2 * A }, (_, i) => (i % 2 === 0 ? 10 - 4 * plan : plan)),
  bound: new Float64Array(A).fill(100),
  levels: new Uint8Array(A).fill(plan),
});
const cache = new SolutionCache(
  Float64Array.from({ length: A + 1 }, (_, a) => a),
  2,
  4,
);
cache.add(evaluation(0));
cache.add(evaluation(1));

function repaired(bounds: readonly number[]) {
  const rows: LinkingRow[] = bounds.map((bound, r) => ({ name: `row ${r}`, bound, price: null }));
  const scales = scalesOf(rows, [evaluation(0), evaluation(1)]);
  const generation = new Int32Array(A);
  const { use } = evaluateChoice(cache, rows, scales, generation);
  const mended = use.slice();
  repairChoice(cache, rows, scales, new Float64Array(2), generation, mended, 1e-6);
  expect([...mended]).toEqual(
    [...evaluateChoice(cache, rows, scales, generation).use].map((value) => expect.closeTo(value, 9)),
  );
  return { generation: [...generation], use: mended };
}

describe('repairChoice', () => {
  it('exchanges the plans that lose least, and no more than it takes', () => {
    const { generation, use } = repaired([89, 10]);
    expect(generation).toEqual([1, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
    expect(use[0]).toBeCloseTo(88, 9);
  });

  it('exceeds no other row', () => {
    const { generation } = repaired([60, 2.5]);
    expect(generation.reduce((sum, g) => sum + g, 0)).toBe(2);
  });

  it('leaves a choice alone that keeps all rows', () => {
    expect(repaired([101, 1]).generation).toEqual(new Array(A).fill(0));
  });
});
