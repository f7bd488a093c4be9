import { describe, expect, it } from 'vitest';
import { MONITOR_DEFAULTS, type MonitoredSegment, type MonitoringResult } from '@hemline/hemline';
import { detectableCell } from '../../src/terminal/detectable-text.ts';
import { monitorText } from '../../src/terminal/monitor-text.ts';

const SEGMENT: MonitoredSegment = {
  ...{ dimension: 'all', value: 'all', rows: 120, demandChange: -0.12, change: -0.13, error: 0.08 },
  ...{ degrees: 5, p: 0.2, adjustedP: 1, found: false, since: '2026-01-05' },
  detectable: { fall: 0.31, rise: 0.45, weeks: 2 },
};

function result(
  demandBias: number,
  segments: readonly MonitoredSegment[] = [],
  beyondLimits: MonitoringResult['beyondLimits'] = [],
): MonitoringResult {
  const model = {
    ...{ model: 'demand-naive', rows: 120, metrics: { demandError: 0.5, demandBias } },
    ...{ past: { forecasts: 3, weeks: 5, weeksNeeded: 17 } },
    ...{ approvedError: null, errorDrift: null, earlierError: null, versions: [], scores: [], segments },
  };
  return {
    ...{ from: '2026-01-05', until: '2026-01-26', settings: MONITOR_DEFAULTS, models: [model] },
    ...{ data: { features: [], discountPsi: 0.1 }, found: false, beyondLimits, waitingFor: null },
    ...{ run: 'a run', money: null },
  };
}

describe('what monitoring says', () => {
  it('tells how far the forecasts in use were off where the tests found nothing', () => {
    expect(monitorText(result(-0.139))).toMatch(/Nothing is beyond its limit.*No test has found a change/s);
    expect(monitorText(result(-0.139))).toContain(
      'demand-naive: the forecasts in use were 13.9 % too low in all (120 rows).',
    );
    expect(monitorText(result(0.15))).toContain('15.0 % too high');
    expect(monitorText(result(NaN))).toContain('not known');
  });

  it('tells what the tests could have found with so short a past', () => {
    expect(monitorText(result(0))).toMatch(
      /with 3 earlier forecasts and sales for 5 weeks of them, a change of demand in all cannot be tested yet: that takes at least 17 weeks; no market/,
    );
    const group = {
      ...SEGMENT,
      dimension: 'group',
      value: 'coats',
      detectable: { fall: 0.999, rise: 1e4, weeks: 2 },
    };
    const text = monitorText(result(0, [SEGMENT, group, { ...group, value: 'boots', detectable: null }]));
    expect(text).toContain(
      'a fall of demand in all of less than 31 % (a rise of less than 45 %) would be found in fewer than half of the cases',
    );
    expect(text).toContain(
      '1 of 2 markets, groups and discount bands can be tested: of the one that is known best, group coats, even a fall of demand to nothing would be found in fewer than half of the cases.',
    );
  });

  it('tells what is beyond its limit, with the limit and the rows, before anything else', () => {
    const whole = { model: 'demand-naive', dimension: null, segment: null, rows: 120 };
    const coats = { ...whole, dimension: 'group', segment: 'coats', rows: 40 };
    const data = { model: null, dimension: null, segment: null, rows: null };
    const earlier = { demandError: 0.2, of: 'approval' } as const;
    const text = monitorText(
      result(
        -0.239,
        [],
        [
          { limit: 'bias', most: 0.2, value: -0.239, ...whole },
          { limit: 'segmentBias', most: 0.5, value: 1.2, ...coats },
          { limit: 'segmentBias', most: 0.5, value: null, ...coats },
          { limit: 'errorTimes', most: 2, value: 2.5, ...whole, earlier },
          { limit: 'discountPsi', most: 0.25, value: 0.43, ...data },
        ],
      ),
    );
    const told = text.split('\n').filter((line) => line.startsWith('! '));
    expect(told).toEqual([
      '! demand-naive: the forecasts in use in all were 23.9 % too low (120 rows); the limit is 20.0 %.',
      '! demand-naive: the forecasts in use of group coats were 120.0 % too high (40 rows); the limit is 50.0 %.',
      '! demand-naive: nothing was sold of what was forecast of group coats (40 rows).',
      '! demand-naive: the demand error is 2.5 times that of its approval, 0.500 against 0.200; the limit is 2 times.',
      expect.stringMatching(/^! data: the discounts.*index 0.43; the limit is 0.25/) as string,
    ]);
    expect(text).not.toContain('Nothing is beyond its limit');
    expect(text.indexOf(told.at(-1)!)).toBeLessThan(text.indexOf('No test has found'));
  });

  it('explains its columns, and says what is tested and what is only shown', () => {
    const text = monitorText(result(0, [SEGMENT]));
    for (const head of text
      .match(/│ dimension.*│/)![0]
      .split('│')
      .slice(4, -2))
      expect(text).toMatch(new RegExp(`^  ${head.trim()} +\\w`, 'm'));
    expect(text).toMatch(/Shown, not tested.*demandError.*demandBias.*Tested/s);
  });

  it('says on the first Monday that there is nothing to compare yet', () => {
    const text = monitorText({ ...result(0), models: [], waitingFor: '2026-02-02' });
    expect(text).toMatch(/Nothing .* has been observed yet.*2026-02-02.*end with 2026-01-26/);
    expect(text).not.toMatch(/limit|test/);
  });
});

it('tells what half of the cases would find, in percent, times and points', () => {
  const cells = [
    { fall: 0.314, rise: 0.46, weeks: 2 },
    { fall: 0.97, rise: 32, weeks: 2 },
    { fall: 0.9999, rise: 9999, weeks: 2 },
    { fall: 1, rise: Infinity, weeks: 2 },
  ].map((each) => detectableCell(each, true));
  expect(cells).toEqual(['−31 %, +46 %', '−97 %, ×33', 'none', 'none']);
  expect(detectableCell({ fall: 0.12, rise: 0.12, weeks: 2 }, false)).toBe('±12 points');
  expect(detectableCell({ fall: 1.3, rise: 1.3, weeks: 2 }, false)).toBe('none');
  expect(detectableCell(null, true)).toBe('–');
});
