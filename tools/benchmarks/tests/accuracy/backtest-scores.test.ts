import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addWeeks, formatWeek } from '@hemline/core';
import { simulateMarket } from '@hemline/market-simulator';
import { openDataset } from '@hemline/runtime';
import { afterAll, expect, it } from 'vitest';
import { backtestScores } from '../../src/accuracy/backtest-scores.ts';
import { ourModels } from '../../src/accuracy/our-models.ts';

const folder = mkdtempSync(join(tmpdir(), 'hemline-backtest-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('knows of a backtest the sums of each article that its error is made of', async () => {
  const { observed } = await simulateMarket({
    out: join(folder, 'market'),
    articles: 30,
    markets: 2,
    weeks: 60,
  });
  const dataset = await openDataset(observed);
  const cutoff = formatWeek(addWeeks(await dataset.lastKnownWeek(), -8));
  const data = {
    ...{ name: 'shop', folder: observed, descriptor: join(observed, 'dataset.json'), rounds: 1, limit: 1 },
    ...{ announced: [], validation: [] },
  };
  const [, mean] = ourModels(['demand-naive'], []).models;
  const asked = { cutoffs: [cutoff], seeds: [1, 2] };
  const scores = await backtestScores(data, mean!, asked, join(folder, 'home'));
  // Nothing of the naive model changes with the seed.
  expect(scores.map(({ seed, contestant }) => [seed, contestant])).toEqual([[1, 'demand-naive, mean of 8']]);
  const [{ error, articles, coverage }] = scores as [(typeof scores)[number]];
  const sums = [...articles.values()];
  const sum = (of: 'squares' | 'truthSquares'): number => sums.reduce((total, own) => total + own[of], 0);
  expect(sums.length).toBeGreaterThan(3);
  expect(Math.sqrt(sum('squares') / sum('truthSquares'))).toBeCloseTo(error, 10);
  expect(error).toBeGreaterThan(0.1);
  expect(coverage).toBeNull();
}, 60_000);

it('takes the models of the suite that are there, and refuses one that was asked for and is not', () => {
  const { models, missing } = ourModels(null, ['--preset', 'tiny']);
  expect(models.map(({ name }) => name)).toContain('demand-transformer');
  expect(models.find(({ name }) => name === 'demand-naive')!.training).toEqual([]);
  expect(new Set([...models.map(({ model }) => model), ...missing])).toEqual(
    new Set(['demand-blend', 'demand-trees', 'demand-transformer', 'demand-naive']),
  );
  expect(() => ourModels(['demand-naive', 'demand-oracle'], [])).toThrow(/--models: .*demand-oracle/);
});
