import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addWeeks } from '@hemline/core';
import { NO_LIMITS } from '@hemline/pricing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { forecastPolicy, outcomeOf, playSeason, type Policy, type SeasonRecord } from '../../src/index.ts';
import { FITS, lastWeekModel } from '../fixtures/last-week-model.ts';
import { FIRST_WEEK, tinyMarkets } from '../fixtures/tiny-market.ts';

const WEEKS = 5;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-forecast-policy-'));
});
beforeEach(() => void FITS.splice(0));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const priced = (elasticity = 2): Policy =>
  forecastPolicy({
    demand: { model: lastWeekModel, hyperparameters: { elasticity } },
    ...{ others: [], retrain: 2, seed: 1, horizon: 8, limits: NO_LIMITS, minimumGain: 0.01 },
    // Tiny data has no rows at any discount.
    settings: { levelRows: 0 },
  });
const play = (policy: Policy, name: string): Promise<SeasonRecord> =>
  playSeason(policy, { maker: tinyMarkets(WEEKS), seed: 4, folder: join(folder, name) });

/** Dies in a week, once. */
function dyingIn(week: number): Policy {
  const inner = priced();
  return {
    name: inner.name,
    decide: (situation) => {
      if (situation.number === week) throw new Error('killed');
      return inner.decide(situation);
    },
  };
}

it('trains every so many weeks on what is known then, and tells what it assumes', async () => {
  const record = await play(priced(), 'whole');
  expect(record.policy).toBe('price:last-week');
  expect(FITS).toEqual([-1, 1, 3].map((week) => addWeeks(FIRST_WEEK, week)));
  const { notices, weekAhead } = outcomeOf(record);
  const notice = 'return rate of all series: no forecast, 0 is assumed';
  expect(notices).toContainEqual({ notice, weeks: WEEKS });
  // Nothing comes back and nothing costs anything, it believes.
  expect(weekAhead!.optimism).toBeGreaterThan(0.1);
});

it('sets prices by what it is told of the response', async () => {
  const rate = async (elasticity: number): Promise<number> =>
    outcomeOf(await play(priced(elasticity), `elasticity-${elasticity}`)).discountRate;
  expect(await rate(0.5)).toBeLessThan(await rate(4));
});

it('goes on with the very models that it had, killed in any week', async () => {
  const whole = await play(priced(), 'undisturbed');
  const fits = FITS.splice(0);
  for (let week = 0; week < WEEKS; week++)
    await expect(play(dyingIn(week), 'torn')).rejects.toThrow('killed');
  expect(await play(priced(), 'torn')).toEqual(whole);
  expect(FITS).toEqual(fits);
  expect(readdirSync(join(folder, 'torn/models'))).toEqual(['4']);
});

it('says when they are gone', async () => {
  await expect(play(dyingIn(3), 'robbed')).rejects.toThrow('killed');
  rmSync(join(folder, 'robbed/models'), { recursive: true });
  await expect(play(priced(), 'robbed')).rejects.toThrow(
    /a model of the season is not there.*as it was trained in week 3/s,
  );
});
