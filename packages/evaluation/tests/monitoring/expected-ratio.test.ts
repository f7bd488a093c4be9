import { describe, expect, it } from 'vitest';
import { surprises } from '../../src/monitoring/expected-ratio.ts';
import { testRatios, UNDER_LIKE_CONDITIONS } from '../../src/monitoring/shift-test.ts';
import type { WindowRatios } from '../../src/monitoring/window-ratios.ts';

const [WEEKS, PARTS] = [96, 6];
const weeks = Array.from({ length: WEEKS }, (_, at) => 7 * at);

/** Ratios whose parts have yearly waves of their own; the first part falls in the last weeks. */
function ratios(wave: number, noise: number, sampling: number, fall = 0): WindowRatios {
  let state = 5;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const relative = weeks.map((_, at) =>
    Float64Array.from({ length: PARTS }, (_, part) => {
      const isFallen = part === 0 && at >= WEEKS - 2;
      return wave * Math.cos((2 * Math.PI * at) / 52 + part) + noise * next() + (isFallen ? fall : 0);
    }),
  );
  const each = (value: number): Float64Array[] => weeks.map(() => new Float64Array(PARTS).fill(value));
  return {
    ...{ raw: relative, relative, sampling: each(sampling) },
    groups: weeks.map(() => new Int32Array(PARTS).fill(40)),
  };
}

function scatter(of: WindowRatios, hasSeasons: boolean): number {
  const { surprise } = surprises(of, of, { length: 4, baseline: 8, hasSeasons });
  const late = surprise.slice(60).flatMap((row) => [...row]);
  return Math.sqrt(late.reduce((sum, one) => sum + one * one, 0) / late.length);
}

describe('what is expected of a window', () => {
  it('has the yearly wave of each part, once it has been seen', () => {
    const waving = ratios(0.8, 0.1, 0.05);
    // What no expectation takes off: the noise, uniform over 0.1.
    const noise = 0.1 / Math.sqrt(12);
    expect(scatter(waving, true)).toBeLessThan(2 * noise);
    expect(scatter(waving, false)).toBeGreaterThan(1.5 * scatter(waving, true));
  });

  it('is hardly the worse for waves where there are none', () => {
    const still = ratios(0, 0.1, 0.05);
    expect(scatter(still, true)).toBeLessThan(1.2 * scatter(still, false));
  });
});

describe('ratios under like conditions', () => {
  const judged = { weeks, recent: 2, baseline: 8 };
  const nothing = new Array<number>(PARTS).fill(NaN);

  it('tell a fall of one part from the waves of all', () => {
    const fallen = ratios(0.8, 0.1, 0.03, -0.25);
    const [first, ...others] = testRatios(() => fallen, judged, nothing, UNDER_LIKE_CONDITIONS);
    expect(first!.p).toBeLessThan(1e-3);
    expect(first!.change).toBeCloseTo(-0.25, 1);
    for (const { p } of others) expect(p).toBeGreaterThan(0.01);
    expect(testRatios(() => fallen, judged, nothing)[0]!.p).toBeGreaterThan(first!.p);
  });

  it('are never surer than eight tenths of the scatter with the articles', () => {
    const [first] = testRatios(() => ratios(0.2, 0.1, 0.3, -0.3), judged, nothing, UNDER_LIKE_CONDITIONS);
    expect(first!.error).toBeCloseTo(0.24, 12);
  });
});
