import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { schemaOf } from '../src/batch/schema.ts';
import type { AnyModel } from '../src/model/define-model.ts';
import { memberOf, resolveMembers } from '../src/model/members.ts';

const WEEKLY = { required: ['article', 'demand'], optional: ['stock'], covariates: true };

function modelOf(name: string, changes: Partial<AnyModel> = {}): AnyModel {
  return {
    name,
    version: 1,
    quantity: 'demand',
    description: 'a fixture',
    engines: [],
    capabilities: { trains: true, monotoneIn: ['discount'], maximumHorizon: 8 },
    hyperparameters: z.object({}),
    presets: { tiny: {} },
    inputs: { fit: { weekly: WEEKLY }, predict: { weekly: WEEKLY } },
    output: schemaOf(),
    trainingMetrics: [],
    fit: () => Promise.reject(new Error('not asked for')),
    load: () => Promise.reject(new Error('not asked for')),
    ...changes,
  };
}

/** Loads from a list, and counts how often. */
function loaderOf(...models: readonly AnyModel[]): {
  load: (name: string) => Promise<AnyModel>;
  loaded: string[];
} {
  const loaded: string[] = [];
  return {
    loaded,
    load: async (name) => {
      loaded.push(name);
      return models.find((model) => model.name === name)!;
    },
  };
}

describe('members', () => {
  it('are loaded with theirs, each once', async () => {
    const blend = modelOf('blend', { members: ['pair', 'net'] });
    const { load, loaded } = loaderOf(
      modelOf('net'),
      modelOf('trees'),
      modelOf('pair', { members: ['trees', 'net'] }),
    );
    const members = await resolveMembers(blend, load);
    expect([...members.keys()].sort()).toEqual(['net', 'pair', 'trees']);
    expect(loaded.sort()).toEqual(['net', 'pair', 'trees']);
    expect(memberOf(blend, members, 'trees').name).toBe('trees');
  });

  it('are none of a model that declares none: nothing is loaded', async () => {
    const { load, loaded } = loaderOf();
    expect(await resolveMembers(modelOf('alone'), load)).toEqual(new Map());
    expect(loaded).toEqual([]);
  });

  it('cannot be made of each other', async () => {
    const { load } = loaderOf(modelOf('a', { members: ['b'] }), modelOf('b', { members: ['a'] }));
    await expect(resolveMembers(modelOf('a', { members: ['b'] }), load)).rejects.toThrow(
      /members of each other.*found a → b → a/,
    );
  });

  it.each<[why: string, member: Partial<AnyModel>, problem: RegExp]>([
    ['another name', { name: 'other' }, /calls itself other/],
    ['another quantity', { quantity: 'return-rate' }, /forecasts return-rate, and blend demand/],
    ['another engine', { engines: ['lightgbm'] }, /needs the engine lightgbm/],
    [
      'a promise that it does not keep',
      { capabilities: { trains: true, monotoneIn: [], maximumHorizon: 8 } },
      /may fall with the discount/,
    ],
    [
      'a shorter horizon',
      { capabilities: { trains: true, monotoneIn: ['discount'], maximumHorizon: 4 } },
      /forecasts 4 weeks ahead at most, and blend 8/,
    ],
    [
      'another table',
      { inputs: { fit: { returns: { required: [] } }, predict: {} } },
      /reads the table returns, which inputs\.fit does not declare/,
    ],
    [
      'a column that the model does without',
      { inputs: { fit: {}, predict: { weekly: { required: ['stock'] } } } },
      /cannot do without weekly\.stock, which inputs\.fit does not require/,
    ],
    [
      'a column that is not declared',
      { inputs: { fit: { weekly: { required: [], optional: ['discount'] } }, predict: {} } },
      /reads weekly\.discount/,
    ],
  ])('of %s are refused, with all that does not fit', async (_why, member, problem) => {
    const load = (): Promise<AnyModel> => Promise.resolve(modelOf('member', member));
    await expect(resolveMembers(modelOf('blend', { members: ['member'] }), load)).rejects.toThrow(problem);
  });

  it('have to be handed over', () => {
    expect(() => memberOf({ name: 'blend' }, undefined, 'trees')).toThrow(
      /blend was not given its member trees.*found none/,
    );
  });
});
