import { describe, expect, it } from 'vitest';
import { quotasOf } from '../../src/stack/quotas.ts';
import { toyDeployment, toyModel } from '../fixtures/toys.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e'];
const catalog = NAMES.map((name) => toyModel(name, { engines: ['tensorflow'] }));
const GPU = { train: { instanceType: 'ml.g5.2xlarge', spot: true } };

/** Machines by quota, without the workflow. */
function machines(
  models: Parameters<typeof toyDeployment>[0] extends infer T ? NonNullable<T> : never,
  modelsAtOnce?: number,
): Record<string, number> {
  const deployment = {
    ...toyDeployment({ catalog, ...models }),
    ...(modelsAtOnce === undefined ? {} : { modelsAtOnce }),
  };
  return Object.fromEntries(quotasOf(deployment).map(({ name, machines: count }) => [name, count]));
}

describe('the quotas of a deployment', () => {
  it('are the machines of the models at once, of the step that needs most', () => {
    // Trainings of a model: two at once, held out and on all. A backtest scores on one machine while it forecasts on four, at two cutoffs.
    expect(machines({ models: ['a', 'b'] }, 1)).toEqual({
      'ml.m5.4xlarge for training job usage': 2,
      'ml.m5.4xlarge for processing job usage': 10,
      'ml.r5.12xlarge for processing job usage': 1,
    });
    expect(machines({ models: NAMES }, 2)).toEqual({
      'ml.m5.4xlarge for training job usage': 4,
      'ml.r5.12xlarge for processing job usage': 1,
      'ml.m5.4xlarge for processing job usage': 20,
    });
    expect(machines({ models: NAMES })).toEqual(machines({ models: NAMES }, 3));
  });

  it('are no more than the models there are', () => {
    expect(machines({ models: ['a', 'b'] }, 3)).toEqual(machines({ models: ['a', 'b'] }, 2));
  });

  it('are those of the models that need most, each kind of machine and of capacity by itself', () => {
    const models = [
      { name: 'a', compute: GPU },
      'b',
      { name: 'c', compute: { forecast: { instances: 10 } } },
      { name: 'd', compute: GPU },
    ];
    expect(machines({ models }, 2)).toEqual({
      'ml.g5.2xlarge for spot training job usage': 4,
      'ml.m5.4xlarge for training job usage': 4,
      'ml.m5.4xlarge for processing job usage': 2 * (10 + 1) + 2 * (4 + 1),
      'ml.r5.12xlarge for processing job usage': 1,
    });
    expect(machines({ models }, 1)['ml.m5.4xlarge for processing job usage']).toBe(22);
  });

  it('are those of pricing, on as many machines as are declared', () => {
    const pricing = { compute: { instanceType: 'ml.c5.9xlarge', instances: 50 } };
    expect(machines({ models: ['a'], pricing }, 1)).toMatchObject({
      'ml.c5.9xlarge for processing job usage': 50,
    });
  });

  it('names the workflow that needs most', () => {
    const found = quotasOf({ ...toyDeployment({ catalog, models: ['a'] }), modelsAtOnce: 1 });
    expect(found.map(({ name, workflow }) => [name.split(' ')[2], workflow])).toEqual([
      ['processing', 'backtest'],
      ['training', 'training'],
      ['processing', 'inference'],
    ]);
  });
});
