import { describe, expect, it } from 'vitest';
import {
  dataBeyondLimits,
  modelBeyondLimits,
  MONITOR_LIMITS,
  type LimitedModel,
} from '../../src/monitoring/beyond-limits.ts';
import { DemandScore } from '../../src/metrics/scores.ts';
import { SegmentScores } from '../../src/segments/segment-scores.ts';

/** Rows of groups: each with forecast and actual of all its rows. */
interface Group {
  readonly rows: number;
  readonly forecast: number;
  readonly actual: number;
}

function scored(groups: Readonly<Record<string, Group>>, error: Partial<LimitedModel> = {}): LimitedModel {
  const all = new DemandScore();
  const scores = new SegmentScores(() => new DemandScore());
  const names = Object.keys(groups);
  const byGroup = scores.dimension('group', (part) => names[part]!);
  const byBand = scores.dimension('discount', () => 'none');
  Object.values(groups).forEach(({ rows, forecast, actual }, part) => {
    for (let row = 0; row < rows; row++)
      for (const score of [all, byGroup.of(part), byBand.of(0)]) score.add(forecast, actual, 10);
  });
  return {
    ...{ model: 'demand-naive', rows: all.rows, metrics: all.metrics(), scores: scores.table() },
    ...{ approvedError: null, earlierError: null, ...error },
  };
}

const beyond = (model: LimitedModel, limits = MONITOR_LIMITS): [string, string | null, number | null][] =>
  modelBeyondLimits(model, limits).map(({ limit, segment, value }) => [limit, segment, value]);

describe('what is plainly wrong whatever tests say', () => {
  it('is a bias of all beyond 20 %, either way, and of a group beyond 50 %', () => {
    const fine = { rows: 100, forecast: 8, actual: 10 };
    expect(beyond(scored({ coats: fine, shirts: { ...fine, forecast: 11 } }))).toEqual([]);
    expect(beyond(scored({ coats: { ...fine, forecast: 7 } }))).toEqual([
      ['bias', null, expect.closeTo(-0.3)],
    ]);
    expect(beyond(scored({ coats: { ...fine, forecast: 13 } }))).toEqual([
      ['bias', null, expect.closeTo(0.3)],
    ]);
    const coats = { rows: 30, forecast: 16, actual: 10 };
    expect(beyond(scored({ coats, shirts: { ...fine, forecast: 10 } }))).toEqual([
      ['segmentBias', 'coats', expect.closeTo(0.6)],
    ]);
  });

  it('is not told of few rows or few units, which are off by chance', () => {
    const shirts = { rows: 500, forecast: 10, actual: 10 };
    expect(beyond(scored({ coats: { rows: 29, forecast: 30, actual: 10 }, shirts }))).toEqual([]);
    expect(beyond(scored({ coats: { rows: 90, forecast: 1, actual: 0.5 }, shirts }))).toEqual([]);
    expect(beyond(scored({ coats: { rows: 100, forecast: 1, actual: 0.5 }, shirts }))).toHaveLength(1);
    expect(beyond(scored({ coats: { rows: 20, forecast: 90, actual: 10 } }))).toEqual([]);
  });

  it('is what was forecast and did not sell at all', () => {
    const shirts = { rows: 500, forecast: 10, actual: 10 };
    expect(beyond(scored({ coats: { rows: 40, forecast: 5, actual: 0 }, shirts }))).toEqual([
      ['segmentBias', 'coats', null],
    ]);
  });

  it('is an error of more than twice that of the approval, or of the weeks before', () => {
    const model = { coats: { rows: 100, forecast: 12, actual: 10 } };
    const error = 0.2;
    expect(beyond(scored(model, { approvedError: error / 1.9, earlierError: error / 1.9 }))).toEqual([]);
    const [first, second, ...more] = modelBeyondLimits(
      scored(model, { approvedError: error / 3, earlierError: error / 2.5 }),
      MONITOR_LIMITS,
    );
    expect([first, second, more]).toMatchObject([
      { limit: 'errorTimes', value: expect.closeTo(3), most: 2, earlier: { of: 'approval' } },
      { limit: 'errorTimes', value: expect.closeTo(2.5), earlier: { of: 'weeks before' } },
      [],
    ]);
  });

  it('is a stability index beyond 0.25; none that is not known', () => {
    expect([0.25, NaN].flatMap((psi) => dataBeyondLimits(psi, MONITOR_LIMITS))).toEqual([]);
    expect(dataBeyondLimits(0.43, MONITOR_LIMITS)).toMatchObject([{ limit: 'discountPsi', value: 0.43 }]);
  });

  it('follows the limits that are given', () => {
    const model = scored({ coats: { rows: 100, forecast: 7, actual: 10 } });
    expect(beyond(model, { ...MONITOR_LIMITS, bias: 0.35 })).toEqual([]);
    expect(beyond(model, { ...MONITOR_LIMITS, bias: 0.35, segmentBias: 0.25 })).toHaveLength(2);
  });
});
