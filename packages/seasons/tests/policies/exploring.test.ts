import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collect } from '@hemline/core';
import { experimentName, NO_LIMITS } from '@hemline/pricing';
import { openDataset } from '@hemline/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  forecastPolicy,
  oraclePolicy,
  outcomeOf,
  playSeason,
  seasonResult,
  type Decision,
  type Exploring,
  type Policy,
  type SeasonRecord,
} from '../../src/index.ts';
import { exploringName, withoutExploring } from '../../src/policies/exploring.ts';
import { lastWeekModel } from '../fixtures/last-week-model.ts';
import { tinyMarkets } from '../fixtures/tiny-market.ts';

const WEEKS = 6;
const ALL: Exploring = { share: 1, step: 1 };
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-exploring-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const priced = (explore: Exploring | null): Policy =>
  forecastPolicy({
    demand: { model: lastWeekModel, hyperparameters: { elasticity: 2 } },
    ...{ others: [], retrain: 3, seed: 1, horizon: 8, limits: NO_LIMITS, minimumGain: 0.01, explore },
    settings: { levelRows: 0 },
  });
const play = (policy: Policy, name: string, seed = 4): Promise<SeasonRecord> =>
  playSeason(policy, { maker: tinyMarkets(WEEKS), seed, folder: join(folder, name) });

describe('a policy that explores', () => {
  it('is named after the share and the steps, and after the policy without', () => {
    expect(exploringName('price:a-b', { share: 0.05, step: 1 })).toBe('price:a-b+explore-5');
    expect(exploringName('oracle', { share: 0.025, step: 3 })).toBe('oracle+explore-2.5x3');
    expect(['oracle+explore-2.5x3', 'price:a-b+explore-5', 'oracle'].map(withoutExploring)).toEqual([
      'oracle',
      'price:a-b',
      null,
    ]);
  });

  it('leaves propensity and experiment of every draw in the data of the next week, and in no other', async () => {
    const inner = priced(ALL);
    const decided: Decision[] = [];
    const seen: [propensity: number, experiment: string | null][][] = [];
    const watched: Policy = {
      name: inner.name,
      async decide(situation) {
        const weekly = await collect((await openDataset(await situation.observed())).tables.get('weekly'));
        const names = weekly.strings('experiment');
        seen.push(
          Array.from(weekly.floats('propensity'), (chance, row) => [
            chance,
            names.dictionary[names.values[row]!] ?? null,
          ]),
        );
        const decision = await inner.decide(situation);
        decided.push(decision);
        return decision;
      },
    };
    await play(watched, 'watched');
    for (const [week, { level, draws }] of decided.slice(0, -1).entries()) {
      const told = seen[week + 1]!;
      expect(told.map(([chance]) => chance)).toEqual([...draws!.propensity]);
      told.forEach(([chance, experiment], n) => {
        if (Number.isNaN(chance)) return;
        // Levels side by side, of which the one that was set is one; each as likely.
        const discounts = [0, 0.2, 0.4];
        const open = discounts.filter((_, l) =>
          experiment!.split(' ').slice(1).map(Number).includes(discounts[l]!),
        );
        expect(experiment).toBe(experimentName(inner.name, open));
        expect(chance).toBeCloseTo(1 / open.length, 12);
        expect(open).toContain(discounts[level[n]!]);
      });
    }
    expect(decided.reduce((sum, { draws }) => sum + draws!.series, 0)).toBeGreaterThan(WEEKS);
    expect(seen[0]!.every(([chance]) => Number.isNaN(chance))).toBe(true);
  });

  it('accounts for what the draws were expected to cost, and for what the season came to', async () => {
    const seeds = [4, 5];
    const records: SeasonRecord[] = [];
    for (const explore of [null, ALL])
      for (const seed of seeds)
        records.push(await play(priced(explore), `cost-${explore?.share}-${seed}`, seed));
    const { policies } = seasonResult(records);
    const [plain, exploring] = policies;
    expect(plain!.exploring).toBeNull();
    expect(plain!.seasons.map(({ drawn }) => drawn)).toEqual([null, null]);
    const shares = seeds.map((_, i) => [plain!.seasons[i]!, exploring!.seasons[i]!] as const);
    const mean = (of: (pair: (typeof shares)[number]) => number): number =>
      shares.reduce((sum, pair) => sum + of(pair), 0) / shares.length;
    const { expectedCost, realisedCost, series, moved } = exploring!.exploring!;
    expect(expectedCost.mean).toBeCloseTo(
      mean(([a, b]) => b.drawn!.expectedCost / a.profit),
      12,
    );
    expect(realisedCost!.mean).toBeCloseTo(
      mean(([a, b]) => (a.profit - b.profit) / a.profit),
      12,
    );
    expect(moved).toBeGreaterThan(0);
    expect(series).toBeGreaterThan(moved);
    // Another plan than the best one earns less, by the forecasts that chose it.
    expect(expectedCost.mean).toBeGreaterThan(0);
    // Alone it has nothing to be held against but its own profit.
    const alone = seasonResult(records.slice(2)).policies[0]!;
    expect(alone.exploring!.realisedCost).toBeNull();
    expect(alone.exploring!.expectedCost.mean).toBeCloseTo(
      mean(([, b]) => b.drawn!.expectedCost / b.profit),
      12,
    );
  });

  it('explores no more than its share: of two articles none, where it is a third', async () => {
    const few = outcomeOf(await play(priced({ share: 0.3, step: 1 }), 'few'));
    expect(few.drawn).toEqual({ articles: 0, series: 0, moved: 0, expectedCost: 0 });
    const { drawn, ...plain } = outcomeOf(await play(priced(null), 'none'));
    expect(drawn).toBeNull();
    expect({ ...few, policy: plain.policy }).toMatchObject(plain);
  });

  it('costs the oracle what the truth says', async () => {
    const oracle = (explore: Exploring | null): Policy => oraclePolicy(NO_LIMITS, 10, explore, 7);
    const [best, drawn] = [await play(oracle(null), 'best'), await play(oracle(ALL), 'drawn')].map(outcomeOf);
    expect(drawn!.policy).toBe('oracle+explore-100');
    expect(drawn!.drawn!.expectedCost).toBeGreaterThan(0);
    expect(drawn!.profit).toBeLessThan(best!.profit);
  });

  it('comes to the same, killed in any week', async () => {
    const whole = await play(priced(ALL), 'whole');
    for (let week = 0; week < WEEKS; week++) {
      const inner = priced(ALL);
      const dying: Policy = {
        name: inner.name,
        decide(situation) {
          if (situation.number === week) throw new Error('killed');
          return inner.decide(situation);
        },
      };
      await expect(play(dying, 'torn')).rejects.toThrow('killed');
    }
    expect(await play(priced(ALL), 'torn')).toEqual(whole);
  });
});
