import { describe, expect, it } from 'vitest';
import { meanOverSeeds } from '../../src/result/mean-interval.ts';
import { seasonResult, type SeasonRecord } from '../../src/index.ts';

/** A season of one week that earns so much. */
function season(
  policy: string,
  seed: number,
  euros: number,
  more: Partial<SeasonRecord['weeks'][number]> = {},
): SeasonRecord {
  const nothing = { revenue: 0, refunds: 0, shipping: 0, returnCost: 0, clearance: 0 };
  return {
    ...{ schema: 1, policy, seed, firstPlan: null },
    runOut: { cameIn: 1, sold: 0, returned: 0, money: nothing, left: 0, residual: 0 },
    weeks: [
      {
        ...{ week: '2026-01-05', sold: 1, returned: 0, money: { ...nothing, revenue: 100 * euros } },
        ...{ listValue: 100, discounted: 20, onSale: 2, changed: 1, draws: null, notices: [] },
        ...{ planned: null, realised: null, firstPlanned: null, firstRealised: null, ...more },
      },
    ],
  };
}

describe('what policies came to', () => {
  it('is compared within a market: share of the gain, and its interval by Student', () => {
    const records = [
      ...[season('planner', 1, 100), season('planner', 2, 200)],
      ...[season('mine', 1, 130), season('mine', 2, 240)],
      ...[season('oracle', 1, 200), season('oracle', 2, 300)],
    ];
    const { policies, notes } = seasonResult(records);
    const [planner, mine, oracle] = policies;
    expect(planner!.captured!.mean).toBe(0);
    expect(oracle!.captured!.mean).toBe(1);
    expect(mine!.captured!.mean).toBeCloseTo(0.35, 12);
    // t(1) at 97.5 % is 12.7062; 0.05 is the standard error of 0.3 and 0.4.
    expect(mine!.captured!.interval![0]).toBeCloseTo(0.35 - 12.7062 * 0.05, 4);
    expect(mine!.gain!.mean).toBeCloseTo((0.3 + 0.2) / 2, 12);
    expect(notes).toEqual([]);
  });

  it('says what is not known', () => {
    const alone = seasonResult([season('mine', 1, 130)]);
    expect(alone.policies[0]).toMatchObject({ captured: null, gain: null, profit: { interval: null } });
    expect(alone.notes.join('\n')).toMatch(/no intervals[^]*Without planner and oracle/);
    const poor = seasonResult([season('planner', 1, 100), season('oracle', 1, 90)]);
    expect(poor.policies[1]!.captured).toBeNull();
    expect(poor.notes.join('\n')).toContain('the oracle gains nothing');
  });

  it('tells the optimism of plans, and notices with their weeks', () => {
    const more = { planned: 120, realised: 100, notices: ['odd'] };
    const { policies, notes } = seasonResult([season('mine', 1, 1, more), season('planner', 1, 1)]);
    expect(policies[0]!.weekAheadOptimism!.mean).toBeCloseTo(0.2, 12);
    expect(policies[0]!.firstPlanOptimism).toBeNull();
    expect(notes).toContain('mine, 1 of 1 weeks: odd');
    const counted = [3, 5].map((count, seed) =>
      season('mine', seed, 1, { notices: [`${count} articles are odd`] }),
    );
    expect(seasonResult(counted).notes).toContain('mine, 2 of 2 weeks, at first: 3 articles are odd');
  });

  it('refuses a season that is not over', () => {
    expect(() => seasonResult([{ ...season('mine', 1, 1), runOut: null }])).toThrow(/not come to its end/);
  });
});

it('a mean of nothing is none', () => {
  expect(meanOverSeeds([])).toBeNull();
});
