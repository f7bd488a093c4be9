import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifest } from '@hemline/stores';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseDemand, PLAINLY_WORSE, type DemandCandidate } from '../../src/job/choose-demand.ts';
import { runOptimise } from '../../src/job/optimise-job.ts';
import { respondsToPrice } from '../../src/job/responds-to-price.ts';
import { forecastRun, optimiseRoot, quietJob, type ForecastRun } from './forecast-run.ts';

let folder: string;
const runs = new Map<number, ForecastRun>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-choose-'));
  // The other two err by 0.2 and 0.9.
  for (const error of [0.18, 0.1]) runs.set(error, await forecastRun(join(folder, `${error}`), 6, error));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const choose = async (models: readonly DemandCandidate[], flat: readonly string[]) => {
  const asked: string[] = [];
  const { chosen, reason } = await chooseDemand(models, ({ model }) => {
    asked.push(model);
    return Promise.resolve(!flat.includes(model));
  });
  return { model: chosen.model, reason, asked };
};

describe('the model whose forecasts of demand are priced', () => {
  const naive = { model: 'naive', error: 0.4 };
  const [near, far] = [
    { model: 'near', error: 0.4 * (1 + PLAINLY_WORSE) },
    { model: 'far', error: 0.4 * (1 + PLAINLY_WORSE) + 1e-9 },
  ];

  it('errs least where it answers to the price, and no other is asked', async () => {
    const best = { model: 'best', error: 0.3 };
    expect(await choose([naive, near, best], ['naive'])).toEqual({
      ...{ model: 'best', reason: null, asked: ['best'] },
    });
  });

  it('answers to the price where it errs by no more than a quarter more, and says so', async () => {
    const found = await choose([far, near, naive], ['naive']);
    expect(found).toMatchObject({ model: 'near', asked: ['naive', 'near'] });
    expect(found.reason).toBe(
      'prices are found by near (error 0.500): naive (error 0.400) errs less, but says the same demand at every discount, by which no discount earns anything',
    );
  });

  it('is the one that errs least where all others are plainly worse, or say nothing of the price either', async () => {
    const worse = await choose([naive, far], ['naive']);
    expect(worse.model).toBe('naive');
    expect(worse.reason).toMatch(/same demand at every discount.*far .* errs by more than 25 % more/);
    const none = await choose([naive, near], ['naive', 'near']);
    expect(none.model).toBe('naive');
    expect(none.reason).toMatch(/^prices are found by naive .*by it no discount earns anything$/);
    // Of what nobody has scored nobody knows that it is not plainly worse.
    expect((await choose([naive, { model: 'new', error: null }], ['naive'])).model).toBe('naive');
    const unscored = [
      { model: 'a', error: null },
      { model: 'b', error: null },
    ];
    expect((await choose(unscored, ['a'])).model).toBe('b');
  });

  it('is found from forecasts, by what they say at each level', async () => {
    const { forecasts } = runs.get(0.18)!;
    const responds = async (model: string) => {
      const place = join(forecasts, model);
      return respondsToPrice({ place, manifest: await readManifest(place) });
    };
    expect(await Promise.all(['good', 'guess', 'flat'].map(responds))).toEqual([true, true, false]);
  });

  it.each([
    [0.18, 'good', /^prices are found by good \(error 0\.200\): flat \(error 0\.180\) errs less/],
    [0.1, 'flat', /^prices are found by flat \(error 0\.100\).*good \(error 0\.200\) answers to the price/],
  ])('prices in the job: where the flat one errs by %d, %s', async (error, model, reason) => {
    const run = runs.get(error)!;
    const job = quietJob(optimiseRoot(join(folder, `root-${error}`), run));
    const output = join(folder, `out-${error}`);
    const summary = await runOptimise(['--forecasts', run.forecasts, '--output', output], job);
    expect(summary).toMatchObject({
      models: { demand: model },
      modelChoice: expect.stringMatching(reason) as string,
    });
    expect(summary.assumptions[0]).toMatch(reason);
    expect(job.told.filter((text) => reason.test(text))).toHaveLength(1);
  });
});
