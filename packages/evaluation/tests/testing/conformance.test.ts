import { schemaOf, type AnyModel, type ModelDefinition, type Tables } from '@hemline/core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { invarianceChecks } from '../../src/testing/conformance/invariance-checks.ts';
import { Subject } from '../../src/testing/conformance/subject.ts';
import { conformanceChecks, testModel } from '../../src/testing/conformance/test-model.ts';
import { constantModel } from '../fixtures/constant-model.ts';
import { heldOutModel } from '../fixtures/held-out-model.ts';
import { learningModel } from '../fixtures/learning-model.ts';
import { levelModel, tensors } from '../fixtures/level-model.ts';

// Small, so that dozens of suites run in seconds.
const DATA = { articles: 14, markets: 2, weeks: 40 };

testModel(levelModel(), { liveTensors: () => tensors.live, givenLift: 'it is 1 + discount' });
testModel(learningModel());
testModel(heldOutModel());

describe('models of the other quantities can conform', () => {
  testModel(constantModel('return-rate', { returnRate: 0.3 }));
  testModel(constantModel('return-time', { share: 1 / 15 }));
  testModel(constantModel('fulfillment-cost', { shippingCost: 5, returnCost: 6 }));
  testModel(constantModel('residual-value', { residualValue: 0.3 }));
});

async function failures(model: AnyModel): Promise<Map<string, string>> {
  const failed = new Map<string, string>();
  for (const check of conformanceChecks(model, { data: DATA })) {
    if (check.skip !== undefined) continue;
    await check.run().catch((error: Error) => failed.set(check.name, error.message));
  }
  return failed;
}

test('a sound model fails nothing', async () => {
  expect(await failures(learningModel())).toEqual(new Map());
  expect(await failures(heldOutModel())).toEqual(new Map());
});

test('a lift that is given has to be said to be', async () => {
  const name = 'an effect of the discount that cannot be missed is learnt, and forecast in its week';
  const failed = await failures(levelModel());
  expect([...failed.keys()]).toEqual([name]);
  expect(failed.get(name)).toContain('half price is forecast to sell 1.50 times what no discount does');
});

describe('one cause is one failure', () => {
  const broken = (): AnyModel =>
    levelModel({}, { fit: () => Promise.reject(new RangeError('the fault of a feature')) });

  test('where fit fails, all that rests on it is blocked, and says by what', async () => {
    const checks = conformanceChecks(broken(), { data: DATA });
    const first = checks.findIndex(({ name }) => name === 'fit and predict come to an end on a small market');
    await expect(checks[first]!.run()).rejects.toThrow('the fault of a feature');
    const rest = checks.slice(first + 1);
    expect(rest.length).toBeGreaterThan(25);
    for (const { blocked } of rest)
      expect(await blocked!()).toBe(
        'nothing to look at: see "fit and predict come to an end on a small market"',
      );
  });

  test('of a sound model nothing is blocked', async () => {
    for (const { blocked } of conformanceChecks(levelModel(), { data: DATA }))
      expect(await blocked?.()).toBeUndefined();
  });
});

describe('a definition that does not hold together is found', () => {
  const hyperparameters = 'every hyperparameter has a default and a description, and all are plain values';
  const output = "the output has the quantity's key and values, and support";
  const definitions: [string, Partial<ModelDefinition>, string, string][] = [
    [
      'no default',
      { hyperparameters: z.object({ a: z.number().describe('a') }) },
      hyperparameters,
      'no default',
    ],
    [
      'no description',
      { hyperparameters: z.object({ a: z.number().default(1) }) },
      hyperparameters,
      'no description',
    ],
    [
      'a nested value',
      { hyperparameters: z.object({ a: z.array(z.number()).default([]).describe('a') }) },
      hyperparameters,
      'no string, number or boolean',
    ],
    ['no tiny preset', { presets: {} }, 'every preset is valid, and there is a tiny one', 'no preset tiny'],
    [
      'an invalid preset',
      { presets: { tiny: {}, huge: { shfit: 1 } } },
      'every preset is valid, and there is a tiny one',
      'preset huge',
    ],
    ['no support', { output: schemaOf({ name: 'article', type: 'string' }) }, output, 'lacks market'],
    [
      'a covariate as a required column',
      { inputs: { fit: { weekly: { required: ['campaign'] } }, predict: {} } },
      'the definition names itself, its quantity and its inputs',
      'campaign is required and is no role',
    ],
    ['no version', { version: 0 }, 'the definition names itself, its quantity and its inputs', 'version 0'],
  ];
  test.each(definitions)('%s', async (_name, changes, check, message) => {
    const found = conformanceChecks(levelModel({}, changes), { data: DATA }).find(
      ({ name }) => name === check,
    );
    await expect(found!.run()).rejects.toThrow(message);
  });
});

/** A runtime that forgets to hide the future. */
class Uncut extends Subject {
  override cut(tables: Tables): Tables {
    return tables;
  }
}

test.each(['numbers', 'NaN', 'null'])('a future that is not hidden is found (%s)', async (garbage) => {
  const checks = invarianceChecks(new Uncut(levelModel(), { data: DATA }));
  const found = checks.find(
    ({ name }) => name === `altering anything after the cutoff changes nothing (${garbage})`,
  );
  await expect(found!.run()).rejects.toThrow(
    /^demand of article .*, when weekly\.demand is .* after the cutoff: look/,
  );
});

test('what a model does not declare is skipped, saying why', () => {
  const plain = levelModel({}, { capabilities: { trains: true, monotoneIn: [], maximumHorizon: 4 } });
  const skipped = conformanceChecks(plain, { data: DATA }).filter(({ skip }) => skip !== undefined);
  expect(skipped.map(({ name, skip }) => [name, skip])).toEqual([
    ['demand never falls as the discount rises', 'not declared in capabilities.monotoneIn'],
    [
      'demand never falls on the production grid, nor between its levels',
      'not declared in capabilities.monotoneIn',
    ],
    ['curves, evaluated, are the forecasts of the grid', 'the model declares no curves'],
    [
      'an effect of the discount that cannot be missed is learnt, and forecast in its week',
      'not declared in capabilities.monotoneIn',
    ],
    [
      'the held-out fit has learnt nothing from the weeks held out',
      'the model does not declare that it holds out',
    ],
    ['no tensor is left behind', 'no liveTensors given: the model has no tensors'],
  ]);
});
