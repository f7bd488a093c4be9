import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_LIMITS, parseLimits } from '@hemline/pricing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  flatPolicy,
  holdPolicy,
  oraclePolicy,
  outcomeOf,
  plannerPolicy,
  playSeason,
  type Policy,
  type SeasonRecord,
} from '../../src/index.ts';
import { tinyMarkets, UNITS } from '../fixtures/tiny-market.ts';

const WEEKS = 6;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-season-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const play = (policy: Policy, name: string, seed = 1): Promise<SeasonRecord> =>
  playSeason(policy, { maker: tinyMarkets(WEEKS), seed, folder: join(folder, name) });

describe('a season', () => {
  it.each([holdPolicy(), flatPolicy(20), plannerPolicy(), oraclePolicy(NO_LIMITS, 10)])(
    'of $name: parts add up to the profit, and units are sold, come back, or are left',
    async (policy) => {
      const record = await play(policy, `sums-${policy.name}`);
      const { profit, sales, shipping, returning, runOut, residual, ...units } = outcomeOf(record);
      expect(record.weeks).toHaveLength(WEEKS);
      expect(profit).toBeCloseTo(sales - shipping - returning + runOut + residual, 8);
      expect(units.sold - units.returned + units.left).toBe(UNITS);
      expect(units.cameIn).toBe(UNITS);
      expect(units.sold).toBe(units.soldInPlay + record.runOut!.sold);
    },
  );

  it('has the rate of discount that a flat policy sets, and no change but the first', async () => {
    const record = await play(flatPolicy(40), 'flat');
    const { discountRate, weekAhead } = outcomeOf(record);
    expect(discountRate).toBeCloseTo(0.4, 12);
    expect(record.weeks.map(({ changed }) => changed)).toEqual([3, 0, 0, 0, 0, 0]);
    expect(weekAhead).toBeNull();
  });

  it('of the oracle earns more than any rule, and more is planned than realised only by chance', async () => {
    const oracle = outcomeOf(await play(oraclePolicy(NO_LIMITS, 10), 'best'));
    for (const policy of [holdPolicy(), flatPolicy(20), flatPolicy(40), plannerPolicy()]) {
      const { profit } = outcomeOf(await play(policy, `rule-${policy.name}`));
      expect(oracle.profit, policy.name).toBeGreaterThan(profit);
    }
    expect(Math.abs(oracle.weekAhead!.optimism!)).toBeLessThan(0.15);
    expect(oracle.firstPlan!.planned).toBeGreaterThan(0);
  });

  it('keeps the limits that the optimiser is given', async () => {
    const limits = parseLimits('articles:\n  - { where: { group: shoes }, maximum: 0 }\n', 'limits.yaml');
    const levels: number[][] = [];
    const inner = oraclePolicy(limits, 10);
    const watched: Policy = {
      name: 'limited',
      async decide(situation) {
        const decision = await inner.decide(situation);
        levels.push([...decision.level]);
        return decision;
      },
    };
    await play(watched, 'limited');
    expect(levels.every((level) => level[0] === 0 && level[1] === 0)).toBe(true);
    expect(levels.some((level) => level[2]! > 0)).toBe(true);
  });

  it('keeps limits of weeks and groups that are not to be seen all the time, and refuses those that never are', async () => {
    const oracle = (text: string): Policy => oraclePolicy(parseLimits(text, 'limits.yaml'), 3);
    const lines = ['articles:', '  - { where: { group: shoes }, maximum: 0, weeks: { until: 2026-01-18 } }'];
    lines.push('business:', '  - { limit: stock-left, at: 2026-01-12, upper: 100000 }');
    const record = await play(oracle(lines.join('\n')), 'dated');
    expect(record.weeks).toHaveLength(WEEKS);
    expect(outcomeOf(record).notices).toEqual([]);
    const never = 'articles:\n  - { where: { group: hats }, maximum: 0 }\n';
    await expect(play(oracle(never), 'never')).rejects.toThrow(
      /line 2: where.group: nothing has the value hats/,
    );
  });

  it('goes on after every week as if it had never stopped, with nothing left over', async () => {
    const whole = await play(oraclePolicy(NO_LIMITS, 10), 'whole', 3);
    for (let stop = 0; stop < WEEKS; stop++) {
      const inner = oraclePolicy(NO_LIMITS, 10);
      const failing: Policy = {
        name: 'oracle',
        decide: (situation) => {
          if (situation.number === stop) throw new Error('killed');
          return inner.decide(situation);
        },
      };
      await expect(play(failing, 'torn', 3)).rejects.toThrow('killed');
    }
    expect(await play(oraclePolicy(NO_LIMITS, 10), 'torn', 3)).toEqual(whole);
    expect(readdirSync(join(folder, 'torn'))).toEqual(['season.json']);
    const text = (name: string): string => readFileSync(join(folder, name, 'season.json'), 'utf8');
    expect(text('torn')).toBe(text('whole'));
  });

  it('writes data for a policy that asks, and takes it away', async () => {
    const folders: string[] = [];
    const asking: Policy = {
      name: 'asking',
      async decide(situation) {
        const [first, again] = [await situation.observed(), await situation.observed()];
        expect(again).toBe(first);
        expect(readdirSync(first)).toContain('weekly.parquet');
        folders.push(first);
        return { level: situation.plannerLevel };
      },
    };
    await play(asking, 'asking');
    expect(folders).toHaveLength(WEEKS);
    expect(existsSync(folders[0]!)).toBe(false);
  });

  it.each([
    [
      'a level that there is not',
      { level: Int8Array.of(0, 0, 3, 0) },
      /levels from 0 to 2.*3 for article B, market DE/s,
    ],
    ['levels of other series', { level: Int8Array.of(0) }, /a level for each of 4 series/],
    ['half a plan', { level: new Int8Array(4), planned: new Float64Array(3) }, /a plan for each of 4 series/],
  ])('refuses %s', async (name, decision, message) => {
    await expect(play({ name: 'wrong', decide: () => decision }, `wrong-${name}`)).rejects.toThrow(message);
  });

  it('refuses the journal of another policy', async () => {
    await play(holdPolicy(), 'mixed');
    await expect(play(plannerPolicy(), 'mixed')).rejects.toThrow(/journal of a season is of another one/);
  });
});
