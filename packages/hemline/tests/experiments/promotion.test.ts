import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError, DataError, UnsupportedError } from '@hemline/core';
import { check, resolveConfig } from 'prettier';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { promotionOf, readPromotion, writePromotion, type ExperimentOutcome } from '@hemline/experiments';
import { checkPromotion } from '../../src/workflow/check-promotion.ts';
import { modelSettings } from '../../src/workflow/model-settings.ts';
import { loadModel } from '../../src/workspace.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-promotion-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Standing = ExperimentOutcome['variants'][number];

function standing(name: string, changes: Partial<Standing>): Standing {
  return {
    ...{ name, model: 'demand-naive', hyperparameters: { method: 'mean', window: 4, season: 52 } },
    ...{ isChampion: false, status: 'finished', reason: null, rank: 1, cutoffs: 6 },
    ...{ mean: { demandError: 0.4 }, spread: {}, seedSpread: {}, comparison: null, run: 'backtest-1' },
    ...changes,
  };
}

const compared = (interval: [number, number], verdict: 'better' | 'undecided'): Standing['comparison'] => ({
  ...{ pairs: 6, difference: (interval[0] + interval[1]) / 2, interval, verdict },
});

const outcome: ExperimentOutcome = {
  ...{ schema: 1, experiment: 'windows', run: 'experiment-1', finishedAt: '2026-01-01T00:00:00Z' },
  ...{ dataset: 'market', data: 'd', code: 'c', metric: 'demandError', confidence: 0.95, comparisons: 3 },
  ...{ champion: 'now', championSource: 'approved version 3', horizon: 8, seeds: [1, 2], notes: [] },
  cutoffs: ['2023-01-02', '2023-03-06'],
  variants: [
    standing('best', { comparison: compared([-0.05, -0.01], 'better') }),
    standing('alike', { rank: 2, comparison: compared([-0.05, 0.03], 'undecided') }),
    standing('now', { rank: 3, isChampion: true }),
    standing('slow', { rank: null, status: 'stopped', reason: 'after 3 of 6 cutoffs' }),
  ],
};

test('the winner becomes what the weekly workflow trains with, below what is given on the command line', async () => {
  const promotion = promotionOf(outcome, undefined, false);
  expect(promotion).toMatchObject({
    ...{ experiment: 'windows', run: 'experiment-1', variant: 'best', isBetter: true },
    ...{
      difference: expect.closeTo(-0.03, 12) as never,
      interval: { low: -0.05, high: -0.01 },
      championSource: 'approved version 3',
    },
    hyperparameters: { method: 'mean', window: '4', season: '52' },
  });
  const file = await writePromotion(promotion, folder);
  const read = readPromotion(folder);
  expect(read).toEqual(promotion);
  expect(modelSettings('demand-naive', { window: '9' }, [], read).hyperparameters).toEqual({
    ...{ method: 'mean', window: '9', season: '52' },
  });
  expect(modelSettings('demand-naive', {}, [], null).hyperparameters).toEqual({});
  // It is committed: the check of the formatting must not stumble over it.
  const options = { ...(await resolveConfig(new URL(import.meta.url))), filepath: file };
  expect(await check(await readFile(file, 'utf8'), options)).toBe(true);
});

test('what is not better beyond noise needs --anyway, and its file says so', () => {
  expect(() => promotionOf(outcome, 'alike', false)).toThrow(/found -0.0500 … 0.0300 over 6 cutoffs/);
  expect(promotionOf(outcome, 'alike', true)).toMatchObject({ isBetter: false, variant: 'alike' });
  expect(() => promotionOf(outcome, 'now', false)).toThrow(/it is the champion/);
  expect(promotionOf(outcome, '3', true)).toMatchObject({ difference: null, interval: null });
});

test('what was not tried to the end is never promoted; a wrong name is told', () => {
  expect(() => promotionOf(outcome, 'slow', true)).toThrow(ConfigurationError);
  expect(() => promotionOf(outcome, 'bst', true)).toThrow(UnsupportedError);
  expect(() => promotionOf(outcome, 'bst', true)).toThrow(/Did you mean "best"\?/);
});

test('a damaged file is an error, not the defaults', async () => {
  await writeFile(join(folder, 'promoted.json'), '{"schema":1,"model":"demand-naive"}');
  expect(() => readPromotion(folder)).toThrow(DataError);
});

test('what is promoted is checked before a run: values that the model takes, of this model', async () => {
  const model = await loadModel('demand-naive');
  expect(() => checkPromotion(model, folder)).not.toThrow();
  const promotion = promotionOf(outcome, undefined, false);
  await writePromotion(promotion, folder);
  expect(() => checkPromotion(model, folder)).not.toThrow();
  const hyperparameters = { ...promotion.hyperparameters, window: 'wide', wndow: '4' };
  await writePromotion({ ...promotion, hyperparameters }, folder);
  expect(() => checkPromotion(model, folder)).toThrow(ConfigurationError);
  expect(() => checkPromotion(model, folder)).toThrow(
    /demand-naive does not take what is promoted of it .*promoted\.json.*wndow.*hemline experiment promote/s,
  );
  await writePromotion({ ...promotion, model: 'demand-transformer' }, folder);
  expect(() => checkPromotion(model, folder)).toThrow(
    /of another model .*expected demand-naive, found demand-transformer/,
  );
  await writeFile(join(folder, 'promoted.json'), '{');
  expect(() => checkPromotion(model, folder)).toThrow(DataError);
});
