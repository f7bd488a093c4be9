import { describe, expect, it } from 'vitest';
import { ALARM_LEVEL, type AlarmLevel } from '../../src/monitoring/alarm-level.ts';
import type { SegmentDrift } from '../../src/monitoring/error-drift.ts';
import { history, JUDGED_WEEKS, type HistoryOptions } from './history.ts';

/**
 * Histories per length. Some by default; the rates in the README are of HEMLINE_ALARM_HISTORIES=200, which takes half an hour.
 */
const HISTORIES = Number(process.env['HEMLINE_ALARM_HISTORIES'] ?? 6);
/** What is asked of the default sample, which is too small for 0.5 %. */
const LOOSE: AlarmLevel = { ...ALARM_LEVEL, falseAlarms: 0.05 };
/** Too short for a test of all, long enough for one, and a year. */
const LENGTHS = [6, 20, 56];
const GROUP = 'g3';

function judged(options: HistoryOptions, level: AlarmLevel): SegmentDrift[] {
  const { errors, weeks } = history(options);
  return errors.judge({ weeks, recent: JUDGED_WEEKS, baseline: 8 }, level);
}

const found = (drifts: readonly SegmentDrift[], value: string): boolean =>
  drifts.find((drift) => drift.value === value)!.found;
const share = (count: number): string => `${count} of ${HISTORIES}`;
/** What so many histories may give by chance: three standard deviations more than on average. */
const most = (rate: number): number => HISTORIES * rate + 3 * Math.sqrt(HISTORIES * rate * (1 - rate));

describe.each(LENGTHS)('histories of %i weekly forecasts', { timeout: 4 * 3_600_000 }, (weeks) => {
  it('give false alarms no more often than is asked for', () => {
    let [loose, strict] = [0, 0];
    for (let seed = 1; seed <= HISTORIES; seed++) {
      const drifts = judged({ seed, weeks }, LOOSE);
      if (drifts.some((each) => each.found)) loose++;
      if (drifts.some((each) => each.found && each.adjustedP <= ALARM_LEVEL.falseAlarms)) strict++;
    }
    process.stdout.write(
      `${weeks} weeks, nothing changed: ${share(strict)} at 0.5 %, ${share(loose)} at 5 %\n`,
    );
    expect(loose).toBeLessThanOrEqual(most(LOOSE.falseAlarms));
    expect(strict).toBeLessThanOrEqual(most(ALARM_LEVEL.falseAlarms));
  });

  it('find a change of the size that they say to find in half of the cases, in about half', () => {
    const hits = { all: 0, group: 0 };
    const fifth = { all: 0, group: 0 };
    const falls = { all: [] as number[], group: [] as number[] };
    for (let seed = 1; seed <= HISTORIES; seed++) {
      const unchanged = judged({ seed, weeks }, ALARM_LEVEL);
      const trial = (of: 'all' | 'group'): void => {
        const value = of === 'all' ? 'all' : GROUP;
        const shifted = { seed, weeks, ...(of === 'all' ? {} : { group: GROUP }) };
        const { fall, weeks: lasting } = unchanged.find((drift) => drift.value === value)!.detectable ?? {
          fall: 1,
          weeks: JUDGED_WEEKS,
        };
        falls[of].push(fall);
        if (fall < 1 && found(judged({ ...shifted, factor: 1 - fall, lasting }, ALARM_LEVEL), value))
          hits[of]++;
        if (found(judged({ ...shifted, factor: 0.8, lasting }, ALARM_LEVEL), value)) fifth[of]++;
      };
      trial('all');
      trial('group');
    }
    const middle = (values: number[]): string =>
      `${(100 * values.toSorted((a, b) => a - b)[values.length >> 1]!).toFixed(0)} %`;
    process.stdout.write(
      `${weeks} weeks: −20 % in all found in ${share(fifth.all)}, in a group in ${share(fifth.group)}; ` +
        `half seen in all −${middle(falls.all)}, found in ${share(hits.all)}; in a group −${middle(falls.group)}, found in ${share(hits.group)}\n`,
    );
    expect(hits.all).toBeLessThanOrEqual(most(0.5));
    expect(hits.group).toBeLessThanOrEqual(most(0.5));
    if (weeks > 52) expect(Math.min(hits.all, hits.group)).toBeGreaterThanOrEqual(HISTORIES - most(0.75));
  });
});
