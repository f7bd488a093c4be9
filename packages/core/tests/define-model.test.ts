import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { QUANTITIES } from '../src/model/quantity.ts';
import { columnOnDisk } from '../src/tables/table-definition.ts';
import { defineModel, type ModelDefinition } from '../src/model/define-model.ts';
import { schemaOf } from '../src/batch/schema.ts';

const definition: ModelDefinition = {
  name: 'demand-fixture',
  version: 1,
  quantity: 'demand',
  description: 'a fixture',
  engines: [],
  capabilities: { trains: false, monotoneIn: [], maximumHorizon: null },
  hyperparameters: z.object({ window: z.number().int().positive().default(8) }),
  presets: { tiny: { window: 2 } },
  inputs: { fit: {}, predict: {} },
  output: schemaOf(),
  trainingMetrics: [],
  fit: () => Promise.reject(new Error('not asked for')),
  load: () => Promise.reject(new Error('not asked for')),
};

describe('defineModel', () => {
  it('refuses a definition that contradicts itself', () => {
    expect(defineModel(definition)).toBe(definition);
    expect(() => defineModel({ ...definition, name: 'Demand_Fixture' })).toThrow(/kebab-case/);
    expect(() => defineModel({ ...definition, presets: { tiny: { windw: 2 } } })).toThrow(
      /preset tiny of demand-fixture is not valid/,
    );
    expect(() => defineModel({ ...definition, presets: { tiny: { window: -1 } } })).toThrow(/preset tiny/);
    const quantiles = [{ column: 'demandLow', share: 0.1 }];
    expect(() => defineModel({ ...definition, quantiles })).toThrow(
      /demandLow of demand-fixture is no column/,
    );
    const output = schemaOf({ name: 'demandLow', type: 'float64' });
    expect(defineModel({ ...definition, output, quantiles }).quantiles).toBe(quantiles);
  });

  it('refuses members that are named twice, or are the model itself', () => {
    expect(defineModel({ ...definition, members: ['a', 'b'] }).members).toEqual(['a', 'b']);
    for (const members of [['a', 'b', 'a'], ['demand-fixture']])
      expect(() => defineModel({ ...definition, members })).toThrow(/is named as a member of demand-fixture/);
  });

  it('has quantities whose key starts with the item', () => {
    for (const quantity of Object.values(QUANTITIES))
      expect(quantity.key.slice(0, 2)).toEqual(['article', 'market']);
    expect(Object.values(QUANTITIES).flatMap((quantity) => quantity.values.map(columnOnDisk))).toContain(
      'residual_value',
    );
  });
});
