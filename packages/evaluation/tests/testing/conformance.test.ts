import { schemaOf, type AnyModel, type ModelDefinition, type Tables } from '@hemline/core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { invarianceChecks } from '../../src/testing/conformance/invariance-checks.ts';
import { Subject } from '../../src/testing/conformance/subject.ts';
import { conformanceChecks, testModel } from '../../src/testing/conformance/test-model.ts';
import { constantModel } from '../fixtures/constant-model.ts';
import { levelModel, tensors, type Flaws } from '../fixtures/level-model.ts';

// Small, so that dozens of suites run in seconds.
const DATA = { articles: 14, markets: 2, weeks: 40 };

testModel(levelModel(), { liveTensors: () => tensors.live });

describe('models of the other quantities can conform', () => {
  testModel(constantModel('return-rate', { returnRate: 0.3 }));
  testModel(constantModel('return-time', { share: 1 / 15 }));
  testModel(constantModel('fulfillment-cost', { shippingCost: 5, returnCost: 6 }));
  testModel(constantModel('residual-value', { residualValue: 0.3 }));
});

async function failures(model: AnyModel, liveTensors?: () => number): Promise<Map<string, string>> {
  const failed = new Map<string, string>();
  for (const check of conformanceChecks(model, { data: DATA, liveTensors })) {
    if (check.skip !== undefined) continue;
    await check.run().catch((error: Error) => failed.set(check.name, error.message));
  }
  return failed;
}

test('a sound model fails nothing', async () => {
  expect(await failures(levelModel())).toEqual(new Map());
});

const FALLS = 'demand never falls on the production grid, nor between its levels';
const IN_RANGE = 'demand is finite and in range at every level of the production grid and between them';
const INDEPENDENT =
  'the demand at a discount does not depend on the other discounts and weeks asked, nor on what was asked before';

describe('a flaw is found by the check made for it', () => {
  const flaws: [keyof Flaws, string, string | RegExp][] = [
    [
      'peeksAtPlan',
      "what the plan's rows hold besides what is known ahead changes nothing",
      'demand of article',
    ],
    [
      'takesFirstRow',
      'forecasts do not depend on the order of rows, series or batches of the tables',
      'instead of',
    ],
    [
      'dependsOnItemPosition',
      'forecasts do not depend on the order of the request, nor on what else is asked',
      'instead',
    ],
    ['dependsOnBatchRows', 'forecasts do not depend on batchRows', 'instead of'],
    ['ignoresBatchRows', 'forecasts do not depend on batchRows', 'asked for at most 1'],
    [
      'infiniteForUnknown',
      'cold-start articles, unknown categories and missing values get a finite forecast',
      'is Infinity; expected a finite number',
    ],
    ['negative', 'forecasts have the declared columns and are finite and in range', 'at least 0'],
    ['undeclaredOutput', 'forecasts have the declared columns and are finite and in range', 'secret'],
    ['savesRounded', 'save → load gives identical forecasts', 'instead of'],
    ['unseeded', 'the same seed gives the same forecasts', 'instead of'],
    ['changesWhenAsked', 'forecasting twice gives the same forecasts', 'instead of'],
    ['fitIgnoresSignal', 'fit stops with InterruptedError', 'does not fail'],
    ['predictIgnoresSignal', 'predict stops with InterruptedError', 'does not fail'],
    [
      'skipsLastDiscount',
      'grid: every item (and week and discount, for demand) is forecast once',
      'no forecast for',
    ],
    [
      'repeatsFirst',
      'grid: every item (and week and discount, for demand) is forecast once',
      'two forecasts for',
    ],
    ['reversesPlan', 'planned: every row is forecast once, in the order of the rows', "the plan's row is"],
    ['readsUndeclared', 'only declared columns are read, and named', 'stock'],
    ['readsEverything', 'only declared columns are read, and named', 'without naming columns'],
    ['needsOptional', 'optional columns may be absent', 'campaign'],
    ['fallsAboveForty', FALLS, 'from 0.4'],
    ['fallsBetweenLevels', FALLS, 'falls from'],
    ['fallsForOneSeries', FALLS, 'demand of article A0011'],
    ['fallsFarAhead', FALLS, 'falls from'],
    ['missingAtThirtyFive', IN_RANGE, 'discount 0.350000 is NaN'],
    ['dependsOnGrid', INDEPENDENT, 'takes from the whole grid'],
    ['keepsWhatWasAsked', INDEPENDENT, 'from call to call'],
    ['fallsWithDiscount', 'demand never falls as the discount rises', 'falls from'],
    [
      'swallowsMissingTable',
      'a missing table or column is a SchemaError',
      'fit without the table weekly does not fail',
    ],
    ['loadsAnything', 'loading an empty artifact is an ArtifactError', 'load does not fail'],
    ['disposesOnce', 'disposing twice is fine', 'disposed already'],
    ['leaksTensors', 'no tensor is left behind', '1 tensors are left'],
  ];
  test.each(flaws)('%s', async (flaw, check, message) => {
    const failed = await failures(levelModel({ [flaw]: true }), () => tensors.live);
    expect(failed.get(check)).toMatch(message);
  });
});

describe('a flaw of a forecast by item is found', () => {
  const complete = 'grid: every item (and week and discount, for demand) is forecast once';
  const inRange = 'forecasts have the declared columns and are finite and in range';
  const inOrder = 'planned: every item is forecast once, in the order of the items';
  const models: [string, AnyModel, string, string][] = [
    [
      'a missing item',
      constantModel('return-rate', { returnRate: 0 }, { skipsFirst: true }),
      complete,
      'no forecast for',
    ],
    [
      'a missing lag',
      constantModel('return-time', { share: 1 / 15 }, { skipsFirst: true }),
      complete,
      '14 lags',
    ],
    ['shares that do not add up', constantModel('return-time', { share: 0.1 }), complete, 'add up to 1.5'],
    ['a share above one', constantModel('return-rate', { returnRate: 1.1 }), inRange, 'at most 1'],
    [
      'items in another order',
      constantModel('residual-value', { residualValue: 0 }, { reversesItems: true }),
      inOrder,
      'the order of the items demands',
    ],
  ];
  test.each(models)('%s', async (_name, model, check, message) => {
    expect((await failures(model)).get(check)).toMatch(message);
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
  await expect(found!.run()).rejects.toThrow('demand of article');
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
    ['no tensor is left behind', 'no liveTensors given: the model has no tensors'],
  ]);
});
