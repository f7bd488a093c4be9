import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addWeeks } from '@hemline/core';
import { readPriceResponse } from '@hemline/features';
import { openDataset } from '@hemline/runtime';
import { playSeason, type Policy } from '@hemline/seasons';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { playedMarkets } from '../../src/seasons/played-markets.ts';
import { planningPolicy } from '../../src/seasons/policy-name.ts';
import { policyOf } from '../../src/seasons/policy-of.ts';
import { seasonRequest } from '../../src/seasons/season-request.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-explored-season-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('what was drawn in earlier weeks is what the next training learns the response to the price from', async () => {
  const name = 'oracle+explore-100x3';
  const tiny = { articles: 16, markets: 2, history: 40, weeks: 4, horizon: 6 };
  const request = await seasonRequest({ policies: [name], seeds: [3], ...tiny });
  const inner = await policyOf(name, request, 3);
  const told: [learnt: number, drawn: number][] = [];
  let drawn = 0;
  const learning: Policy = {
    name: inner.name,
    async decide(situation) {
      const { tables } = await openDataset(await situation.observed());
      const { evidence } = await readPriceResponse(tables, { cutoff: addWeeks(situation.week, -1) });
      told.push([evidence.experimentWeeks, drawn]);
      const decision = await inner.decide(situation);
      drawn += decision.draws!.series;
      return decision;
    },
  };
  await playSeason(learning, { maker: playedMarkets(request), seed: 3, folder });
  expect(drawn).toBeGreaterThan(4);
  for (const [learnt, known] of told) {
    expect(learnt).toBeLessThanOrEqual(known);
    // Weeks of experiments in which nothing was sold at any discount say nothing.
    expect(learnt).toBeGreaterThanOrEqual(known / 2);
  }
});

it('names of policies that plan tell what is explored', () => {
  expect(planningPolicy('oracle')).toEqual({ model: null, exploring: null });
  expect(planningPolicy('price:demand-trees+explore-5')).toEqual({
    model: 'demand-trees',
    exploring: { share: 0.05, step: 1 },
  });
  expect(planningPolicy('oracle+explore-2.5x4')!.exploring).toEqual({ share: 0.025, step: 4 });
  for (const wrong of [
    'hold+explore-5',
    'oracle+explore-0',
    'oracle+explore-101',
    'oracle+explore-5x0',
    'price:',
  ])
    expect(planningPolicy(wrong), wrong).toBeNull();
});

it('a policy that cannot explore is refused, with those that can', async () => {
  await expect(seasonRequest({ policies: ['planner+explore-5'] })).rejects.toThrow(
    /no policy planner\+explore-5.*\+explore-N for N %/s,
  );
});
