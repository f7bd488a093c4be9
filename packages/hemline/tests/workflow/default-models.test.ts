import { expect, it } from 'vitest';
import { defaultModels } from '../../src/workflow/default-models.ts';
import { modelCatalog } from '../../src/workflow/model-catalog.ts';

it('leaves out what another model is made of, but for baselines', async () => {
  const catalog = await modelCatalog();
  const blend = catalog.find(({ name }) => name === 'demand-blend')!;
  expect(blend.members).toEqual(['demand-naive', 'demand-trees', 'demand-transformer']);
  const names = defaultModels(catalog);
  expect(names).toContain('demand-blend');
  expect(names).toContain('demand-naive');
  expect(names).toContain('return-rate-average');
  expect(names).not.toContain('demand-trees');
  expect(names).not.toContain('demand-transformer');
});

it("looks for the members' metrics in the log of a blend's training", async () => {
  const catalog = await modelCatalog();
  const names = catalog
    .find(({ name }) => name === 'demand-blend')!
    .metricDefinitions.map(({ Name }) => Name);
  expect(names).toContain('heldOutError.blend');
  expect(names).toContain('demand-transformer.loss');
});
