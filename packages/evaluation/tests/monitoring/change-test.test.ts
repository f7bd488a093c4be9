import { describe, expect, it } from 'vitest';
import { testChange } from '../../src/monitoring/change-test.ts';
import { holm } from '../../src/monitoring/p-values.ts';
import { jackknife } from '../../src/monitoring/jackknife.ts';
import { ARTICLE_GROUPS, articleGroup, RatioPanel } from '../../src/monitoring/ratio-panel.ts';

const weeks = Array.from({ length: 40 }, (_, i) => 7 * i);
const windows = { weeks, recent: 4, baseline: 8 };

/** A small generator: the same numbers everywhere. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Demand around a forecast of 10, article by article; from week 36 on times `factor`. */
function panel(next: () => number, factor = 1): RatioPanel {
  const ratio = new RatioPanel();
  weeks.forEach((week, i) => {
    for (let group = 0; group < ARTICLE_GROUPS; group++)
      ratio.add(week, group, (i >= 36 ? factor : 1) * (5 + 10 * next()), 10);
  });
  return ratio;
}

describe('p-values', () => {
  it('are adjusted as Holm has it: the least times all, the next times one fewer, never falling', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
  });
});

describe('the jackknife', () => {
  it('gives the standard error of a mean where every group has one observation', () => {
    const sums = new Float64Array(2 * ARTICLE_GROUPS);
    const values = [3, 5, 8, 4];
    values.forEach((value, group) => sums.set([value, 1], 2 * group));
    const { value, error, groups } = jackknife([sums], ([top, count]) => top! / count!);
    const deviation = Math.sqrt(values.reduce((sum, each) => sum + (each - 5) ** 2, 0) / 3);
    expect([value, groups]).toEqual([5, 4]);
    expect(error).toBeCloseTo(deviation / 2, 12);
  });

  it('deals articles evenly into groups', () => {
    const counts = new Array<number>(ARTICLE_GROUPS).fill(0);
    for (let i = 0; i < 64_000; i++) counts[articleGroup(`A${String(i).padStart(8, '0')}`)]!++;
    expect(Math.min(...counts)).toBeGreaterThan(850);
    expect(Math.max(...counts)).toBeLessThan(1150);
  });
});

describe('a change', () => {
  it('is found where there is one, and is as large as it is', () => {
    const { change, p } = testChange(panel(random(7), 0.7), windows, 'log');
    expect(p).toBeLessThan(0.001);
    expect(Math.exp(change)).toBeCloseTo(0.7, 1);
  });

  it('keeps its p-value where nothing changes: uniform, or on the side of silence', () => {
    const next = random(9);
    const ps = Array.from({ length: 240 }, () => testChange(panel(next), windows, 'log').p);
    // 24 are expected below 0.1 and 2.4 below 0.01, at most.
    expect(ps.filter((p) => p < 0.1).length).toBeLessThan(36);
    expect(ps.filter((p) => p < 0.01).length).toBeLessThan(8);
  });

  it('is not judged without earlier weeks', () => {
    expect(testChange(panel(random(10), 0.3), { ...windows, weeks: weeks.slice(-4) }, 'log').p).toBeNaN();
  });
});
