import {
  addWeeks,
  concatBatches,
  itemsOf,
  Tables,
  weeksAhead,
  type Batch,
  type FittedModel,
} from '@hemline/core';
import { MemoryArtifact, syntheticTables } from '@hemline/evaluation/testing';
import { loadMembers } from '@hemline/runtime';
import { loadTensorflow } from '@hemline/tensor';
import { expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import model from '../src/model.ts';

const tables = syntheticTables({ articles: 20, weeks: 60 });
const cutoff = addWeeks(tables.lastWeek, -12);
const members = await loadMembers(model);

async function collected(batches: AsyncIterable<Batch>): Promise<Batch> {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return concatBatches(all);
}

async function forecast(fitted: FittedModel): Promise<Batch> {
  const known = tables.asOf(cutoff);
  const history = new Tables(
    ['weekly', 'articles', 'markets'].flatMap((name) => known.find(name as 'weekly') ?? []),
  );
  const items = await itemsOf(tables.get('weekly'), tables.find('articles'), tables.find('markets'));
  const weeks = weeksAhead(cutoff, 4);
  const discounts = Float64Array.of(0, 0.3, 0.7);
  const scenarios = { kind: 'grid', weeks, discounts, plan: null } as const;
  return collected(fitted.predict({ cutoff, items, history, scenarios, batchRows: 1000 }));
}

it('all members are trained together, saved and loaded, and leave no tensor', async () => {
  const { tf } = await loadTensorflow();
  const before = tf.memory().numTensors;
  const hyperparameters = model.hyperparameters.parse(model.presets['tiny']);
  const warnings: string[] = [];
  const metrics: string[] = [];
  const fitted = await model.fit(
    {
      ...{ cutoff, seed: 1, members },
      onWarning: (text) => warnings.push(text),
      onMetric: (name) => metrics.push(name),
    },
    tables.asOf(cutoff),
    hyperparameters,
  );
  expect(warnings).toEqual([]);
  expect(metrics).toContain('demand-transformer.loss');
  const errors = ['naive', 'trees', 'transformer'].map((part) => fitted.metrics[`heldOutError.${part}`]!);
  for (const error of errors) expect(error).toBeGreaterThan(0);
  expect(fitted.metrics['heldOutError.blend']).toBeLessThan(1.02 * Math.min(...errors));
  const artifact = new MemoryArtifact();
  await fitted.save(artifact);
  const rows = await forecast(fitted);
  fitted.dispose();
  const loaded = await model.load(artifact, members);
  const again = await forecast(loaded);
  loaded.dispose();
  expect([...again.floats('demand')]).toEqual([...rows.floats('demand')]);
  expect(tf.memory().numTensors).toBe(before);
}, 120_000);

it('the members are dependencies, so that the graph and the image follow, and their engines are declared', () => {
  for (const name of model.members!) expect(Object.keys(manifest.dependencies)).toContain(`@hemline/${name}`);
  expect(manifest.hemline.engines).toEqual(model.engines);
});
