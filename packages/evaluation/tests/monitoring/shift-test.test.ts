import { describe, expect, it } from 'vitest';
import { NoticePanel } from '../../src/monitoring/notice-panel.ts';
import { ARTICLE_GROUPS } from '../../src/monitoring/ratio-panel.ts';
import { testShifts } from '../../src/monitoring/shift-test.ts';

const weeks = Array.from({ length: 80 }, (_, i) => 7 * i);
const windows = { weeks, recent: 4, baseline: 8 };
const nothing = (count: number): number[] => new Array<number>(count).fill(NaN);

/** A small generator: the same numbers everywhere. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** How demand of a part goes, by week, and what a forecast says of week `at`, knowing demand up to `cutoff`. */
interface Part {
  readonly level: (at: number) => number;
  readonly forecast: (at: number, cutoff: number) => number;
}

const SHIFTED_AT = 77;
const steady: Part = { level: () => 10, forecast: () => 10 };
const falls = (factor: number): Part => ({
  level: (at) => (at >= SHIFTED_AT ? factor * 10 : 10),
  // Repeats the last week: it knows of the fall a week later.
  forecast: (_, cutoff) => (cutoff >= SHIFTED_AT ? factor * 10 : 10),
});

function panel(next: () => number, { level, forecast }: Part): NoticePanel {
  const notices = new NoticePanel(4);
  weeks.forEach((week, at) => {
    // What a week has in common in all articles, and what each has of its own.
    const common = 0.95 + 0.1 * next();
    for (let group = 0; group < ARTICLE_GROUPS; group++) {
      const demand = level(at) * common * (0.5 + next());
      for (let notice = 1; notice <= Math.min(4, at); notice++)
        notices.add(week, [notice, notice], group, demand, forecast(at, at - notice));
    }
  });
  return notices;
}

describe('shifts', () => {
  it('are found in the part that has one, and in no other, though later forecasts have learnt of it', () => {
    const next = random(7);
    const parts = [steady, steady, falls(0.7), steady, steady, steady].map((part) => panel(next, part));
    const shifts = testShifts(parts, windows, nothing(6));
    expect(shifts.map(({ p }) => p < 0.001)).toEqual([false, false, true, false, false, false]);
    expect(Math.exp(shifts[2]!.change)).toBeCloseTo(0.7, 1);
    expect(shifts[2]!.since! >= weeks[SHIFTED_AT]!).toBe(true);
  });

  it('of all parts alike are nobody’s, and those of the whole', () => {
    const next = random(8);
    const parts = Array.from({ length: 5 }, () => panel(next, falls(0.7)));
    expect(testShifts(parts, windows, nothing(5)).every(({ p }) => p > 0.01)).toBe(true);
    expect(testShifts([panel(next, falls(0.7))], windows, [NaN])[0]!.p).toBeLessThan(0.001);
  });

  it('are found on top of what a forecast lags behind the seasons, which is none', () => {
    const next = random(11);
    const season = (at: number, phase: number): number =>
      10 * Math.exp(0.7 * Math.cos((2 * Math.PI * at) / 52 + phase));
    const parts = [0, 1, 2, 3, 4, 5].map((phase) => {
      const { level, forecast } = phase === 1 ? falls(0.7) : steady;
      return panel(next, {
        level: (at) => (level(at) / 10) * season(at, phase),
        forecast: (at, cutoff) => (forecast(at, cutoff) / 10) * season(cutoff, phase),
      });
    });
    const shifts = testShifts(parts, windows, nothing(6));
    expect(shifts.map(({ p }) => p < 0.002)).toEqual([false, true, false, false, false, false]);
  });

  it('keep their p-values where nothing changes: uniform, or on the side of silence', () => {
    const next = random(9);
    const ps = Array.from({ length: 12 }, () =>
      testShifts(
        Array.from({ length: 6 }, () => panel(next, steady)),
        windows,
        nothing(6),
      ).map(({ p }) => p),
    ).flat();
    // 72 tests: 7 are expected below 0.1 and 0.7 below 0.01, at most.
    expect(ps.filter((p) => p < 0.1).length).toBeLessThan(14);
    expect(ps.filter((p) => p < 0.01).length).toBeLessThan(4);
  });

  it('are judged by the other parts where there is no past, and not at all where there are too few', () => {
    const next = random(10);
    const short = { ...windows, weeks: weeks.slice(-4) };
    const first: Part = { level: (at) => (at >= 76 ? 3 : 10), forecast: () => 10 };
    const parts = [steady, steady, steady, first, steady, steady, steady, steady].map((part) =>
      panel(next, part),
    );
    const found = testShifts(
      parts,
      short,
      parts.map(() => 0),
    );
    expect(found.map(({ p }) => p < 0.01)).toEqual([false, false, false, true, false, false, false, false]);
    const few = testShifts(parts.slice(2, 4), short, [0, 0]);
    expect(few.map(({ p, since }) => [p, since])).toEqual([
      [NaN, null],
      [NaN, null],
    ]);
  });
});

describe('sums by notice', () => {
  it('are of the newest forecasts that were made before the first week', () => {
    const notices = new NoticePanel(2);
    // Forecasts after weeks 0 and 7, and none after week 14: that of week 7 stays the newest.
    notices.add(7, [1, 1], 3, 1, 10);
    notices.add(14, [2, 2], 3, 2, 20);
    notices.add(14, [1, 1], 3, 2, 30);
    notices.add(21, [1, 9], 3, 4, 40);
    const at = (week: number, length: number): number[] | null => {
      const sums = notices.sums(week, length);
      return sums === null ? null : [sums[6]!, sums[7]!];
    };
    expect([at(14, 1), at(14, 2), at(21, 2)]).toEqual([
      [2, 30],
      [3, 30],
      [6, 70],
    ]);
    expect([at(7, 2), at(28, 1), notices.rows]).toEqual([null, null, 3]);
  });
});
