import {
  addWeeks,
  betweenWeeks,
  collect,
  itemsOf,
  knownAheadColumns,
  weeksAhead,
  type FittedModel,
  type Scenarios,
} from '@hemline/core';
import { MemoryArtifact, syntheticTables } from '@hemline/evaluation/testing';
import { expect, it } from 'vitest';
import { DEMAND_TREES_PRESETS, demandTreesHyperparameters } from '../src/hyperparameters.ts';
import model from '../src/model.ts';

const HORIZON = 4;
const DISCOUNTS = Float64Array.of(0, 0.2, 0.5, 0.7);
const tables = syntheticTables();
const cutoff = tables.lastWeek;
const history = tables.asOf(cutoff);
const weekly = tables.get('weekly');
const plan = await collect(betweenWeeks(weekly, 'week', cutoff, addWeeks(cutoff, HORIZON)), {
  columns: knownAheadColumns(weekly.schema),
});
const items = await itemsOf(history.get('weekly'), history.find('articles'), history.find('markets'));

const train = async (response: 'trees' | 'estimated'): Promise<FittedModel> =>
  model.fit(
    { cutoff, seed: 1 },
    history,
    demandTreesHyperparameters.parse({ ...DEMAND_TREES_PRESETS.tiny, horizon: HORIZON, response }),
  );

async function demandOf(fitted: FittedModel, scenarios: Scenarios): Promise<number[]> {
  const all: number[] = [];
  for await (const batch of fitted.predict({ cutoff, items, history, scenarios, batchRows: 1e6 }))
    all.push(...batch.floats('demand'));
  return all;
}

const grid: Scenarios = { kind: 'grid', weeks: weeksAhead(cutoff, HORIZON), discounts: DISCOUNTS, plan };
const planned: Scenarios = { kind: 'planned', rows: plan };

it('gives curves the course of a response that was estimated apart, and leaves demand as planned', async () => {
  const [own, shaped] = [await train('trees'), await train('estimated')];
  const [asPlanned, alsoPlanned] = [await demandOf(own, planned), await demandOf(shaped, planned)];
  expect(asPlanned.length).toBeGreaterThan(20);
  asPlanned.forEach((units, row) => expect(Math.abs(alsoPlanned[row]! / units - 1)).toBeLessThan(1e-5));
  const [curves, others] = [await demandOf(own, grid), await demandOf(shaped, grid)];
  expect(others).toHaveLength(curves.length);
  const apart = curves.filter((units, cell) => Math.abs(others[cell]! / units - 1) > 0.02).length;
  expect(apart / curves.length).toBeGreaterThan(0.3);
  for (let cell = 0; cell < others.length; cell++)
    if (cell % DISCOUNTS.length > 0) expect(others[cell]!).toBeGreaterThanOrEqual(others[cell - 1]!);
  const artifact = new MemoryArtifact();
  await shaped.save(artifact);
  expect(await demandOf(await model.load(artifact), grid)).toEqual(others);
});
