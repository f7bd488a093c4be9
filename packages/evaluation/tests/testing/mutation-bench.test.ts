import type { AnyModel } from '@hemline/core';
import { describe, expect, test } from 'vitest';
import { conformanceChecks } from '../../src/testing/conformance/test-model.ts';
import { constantModel, type ConstantFlaws } from '../fixtures/constant-model.ts';
import { heldOutModel, type HeldOutFlaws } from '../fixtures/held-out-model.ts';
import { learningModel, type LearningFlaws } from '../fixtures/learning-model.ts';
import { levelModel, tensors, type Flaws } from '../fixtures/level-model.ts';

/** A broken model, the check that has to find it, and a part of what that says. */
type Mutant = readonly [name: string, model: AnyModel, check: string, message: string];

const FALLS = 'demand never falls on the production grid, nor between its levels';
const MONOTONE = 'look for the monotone constraint';
const DENSE = 'demand is finite and in range at every level of the production grid and between them';
const INDEPENDENT =
  'the demand at a discount does not depend on the other discounts and weeks asked, nor on what was asked before';
const COMPLETE = 'grid: every item (and week and discount, for demand) is forecast once';
const PLANNED = 'planned: every row is forecast once, in the order of the rows';
const ITEM_ORDER = 'planned: every item is forecast once, in the order of the items';
const IN_RANGE = 'forecasts have the declared columns and are finite and in range';
const STRANGERS = 'cold-start articles, unknown categories and missing values get a finite forecast';
const PLAN = "what the plan's rows hold besides what is known ahead changes nothing";
const LIFT = 'an effect of the discount that cannot be missed is learnt, and forecast in its week';
const UNITS = 'forecasts are in the units of what came, in all';
const SERIES = 'series that sold a hundred times as much are forecast to, and the others stay';
const SCALE = 'forecasts grow and shrink with what they are made of';
const BATCHES = 'forecasts do not depend on batchRows';
const SAVED = 'save → load gives identical forecasts';
const READS = 'only declared columns are read, and named';

const TOLD = 'the held-out fit is told once, forecasts, and leaves the fit as it is';
const UNKNOWING = 'the held-out fit has learnt nothing from the weeks held out';

const LABEL = 'look for the label among the inputs of training';

const level = (flaws: Flaws, check: string, message: string): Mutant => [
  Object.keys(flaws).join(' '),
  levelModel(flaws),
  check,
  message,
];
const learning = (flaws: LearningFlaws, check: string, message: string): Mutant => [
  Object.entries(flaws)
    .map(([name, value]) => (value === true ? name : `${name} ${String(value)}`))
    .join(', '),
  learningModel(flaws),
  check,
  message,
];
const heldOut = (flaws: HeldOutFlaws, check: string, message: string): Mutant => [
  Object.keys(flaws).join(' '),
  heldOutModel(flaws),
  check,
  message,
];
const item = (
  name: string,
  quantity: Parameters<typeof constantModel>[0],
  values: Readonly<Record<string, number>>,
  flaws: ConstantFlaws,
  [check, message]: readonly [string, string],
): Mutant => [`${quantity}: ${name}`, constantModel(quantity, values, flaws), check, message];

const KINDS: Readonly<Record<string, readonly Mutant[]>> = {
  'what nobody knows ahead is used': [
    learning(
      { leaks: 'demand', missingAs: 'zero' },
      UNITS,
      'missing when forecasting, such as the label itself',
    ),
    learning({ leaks: 'demand', missingAs: 'mean' }, LIFT, LABEL),
    learning(
      { leaks: 'sales', missingAs: 'mean' },
      LIFT,
      'look for weekly.sales of the week itself among the inputs',
    ),
    learning(
      { leaks: 'visits', missingAs: 'mean' },
      LIFT,
      'look for weekly.visits of the week itself among the inputs',
    ),
    learning(
      { leaks: 'stock', missingAs: 'mean' },
      LIFT,
      'look for weekly.stock of the week itself among the inputs',
    ),
    level({ peeksAtPlan: true }, PLAN, 'when a planned row holds weekly.demand: look for weekly.demand'),
  ],
  'curves fall': [
    level({ fallsWithDiscount: true }, 'demand never falls as the discount rises', MONOTONE),
    level({ fallsAboveForty: true }, FALLS, 'from 0.4'),
    level({ fallsBetweenLevels: true }, FALLS, MONOTONE),
    level({ fallsForOneSeries: true }, FALLS, 'demand of article A0011'),
    level({ fallsFarAhead: true }, FALLS, MONOTONE),
  ],
  'forecasts are no demand': [
    level({ missingAtThirtyFive: true }, DENSE, 'discount 0.350000 is NaN'),
    level(
      { infiniteForUnknown: true },
      STRANGERS,
      'is Infinity; expected a finite number of at least 0: look for',
    ),
    level({ negative: true }, IN_RANGE, 'at least 0: look for a sum of effects'),
    level({ undeclaredOutput: true }, IN_RANGE, 'undeclared columns: secret'),
  ],
  'forecasts could not be true': [
    learning({ unit: 100 }, UNITS, 'look for units'),
    learning({ unit: 1 / 7 }, UNITS, 'a week or a day'),
    learning({ staysInLogs: true }, UNITS, 'a log that is not undone'),
    learning({ clipsAt: 60 }, SERIES, 'look for values that are clipped'),
    learning({ clipsAt: 200 }, SERIES, 'look for values that are clipped'),
    learning({ mixesUpSeries: true }, SERIES, "look for rows that get another series' forecast"),
    learning({ oneLevel: true }, SERIES, "a level that is not the series' own"),
  ],
  'weeks are mixed up': [
    learning({ discountOneOff: true }, LIFT, "the discount of another week in an example's row"),
    learning({ planOneOff: true }, LIFT, 'look for a week that is one off'),
  ],
  'rows are dropped, repeated or turned': [
    level({ skipsLastDiscount: true }, COMPLETE, 'there is no forecast for article A0001'),
    level({ dropsUnsold: true }, COMPLETE, 'look for items without history'),
    level({ repeatsFirst: true }, COMPLETE, 'two forecasts for'),
    level({ reversesPlan: true }, PLANNED, "the plan's row is"),
  ],
  'order and company matter': [
    level(
      { takesFirstRow: true },
      'forecasts do not depend on the order of rows, series or batches of the tables',
      'look for the first or last row of something',
    ),
    level(
      { dependsOnItemPosition: true },
      'forecasts do not depend on the order of the request, nor on what else is asked',
      'asked for the items in another order: look for the place of an item',
    ),
    level({ dependsOnBatchRows: true }, BATCHES, 'in batches of 1 rows: look for what is carried'),
    level({ ignoresBatchRows: true }, BATCHES, 'asked for at most 1'),
    level({ dependsOnGrid: true }, INDEPENDENT, 'takes from the whole grid'),
  ],
  'state is kept, or lost': [
    level({ keepsWhatWasAsked: true }, INDEPENDENT, 'from call to call'),
    level(
      { changesWhenAsked: true },
      'forecasting twice gives the same forecasts',
      'look for what predict keeps from call to call',
    ),
    level({ savesRounded: true }, SAVED, 'look for what the artifact lacks'),
    // Most checks ask models that were loaded: what is wrong with those that were fitted is told here …
    level({ infiniteUntilLoaded: true }, SAVED, 'instead of Infinity'),
    level({ dependsOnBatchRowsUntilLoaded: true }, SAVED, 'look for what the artifact lacks'),
    // … and where what is loaded differs, the others ask those that were fitted.
    level({ savesRounded: true, dependsOnBatchRows: true }, BATCHES, 'in batches of 1 rows'),
    level({ savesRounded: true, infiniteForUnknown: true }, STRANGERS, 'is Infinity'),
    level({ unseeded: true }, 'the same seed gives the same forecasts', 'look for Math.random'),
    level(
      { loadsAnything: true },
      'loading an empty artifact is an ArtifactError',
      'load does not fail; expected ArtifactError: read what save has written',
    ),
    level({ disposesOnce: true }, 'disposing twice is fine', 'disposed already'),
    level(
      { leaksTensors: true },
      'no tensor is left behind',
      '1 tensors are left after fit, predict, save and dispose: look for tensors outside of tidy',
    ),
  ],
  'the job is not obeyed': [
    level(
      { fitIgnoresSignal: true },
      'fit stops with InterruptedError',
      'InterruptedError: call throwIfAborted',
    ),
    level(
      { predictIgnoresSignal: true },
      'predict stops with InterruptedError',
      'InterruptedError: call throwIfAborted',
    ),
    level(
      { readsUndeclared: true },
      READS,
      'fit reads weekly.stock, which it does not declare: add it to inputs.fit.weekly',
    ),
    level({ readsEverything: true }, READS, 'without naming columns: give batches({ columns })'),
    level({ needsOptional: true }, 'optional columns may be absent', 'campaign'),
    level(
      { swallowsMissingTable: true },
      'a missing table or column is a SchemaError',
      'fit without the table weekly does not fail; expected SchemaError: take tables with tables.get',
    ),
  ],
  'what is held out is known': [
    heldOut({ learnsHeldOut: true }, UNKNOWING, 'look for rows after the held-out cutoff'),
    heldOut({ tellsTwice: true }, TOLD, 'onHeldOut is called 2 times'),
    heldOut({ tellsNothing: true }, TOLD, 'onHeldOut is called 0 times'),
    heldOut({ ignoresWeeks: true }, TOLD, 'hold out as many weeks as job.heldOutWeeks says (6 here)'),
    heldOut({ keepsHeldOut: true }, TOLD, 'instead of'),
  ],
  'a forecast by item is wrong': [
    item('the first left out', 'return-rate', { returnRate: 0.3 }, { skipsFirst: true }, [
      COMPLETE,
      'no forecast for',
    ]),
    item('a lag left out', 'return-time', { share: 1 / 15 }, { skipsFirst: true }, [COMPLETE, '14 lags']),
    item('shares above 1 in all', 'return-time', { share: 0.1 }, {}, [COMPLETE, 'add up to 1.5']),
    item('a share above 1', 'return-rate', { returnRate: 1.1 }, {}, [IN_RANGE, 'at most 1']),
    item('turned', 'residual-value', { residualValue: 0.3 }, { reversesItems: true }, [
      ITEM_ORDER,
      'the order of the items',
    ]),
    item('per cent of money', 'fulfillment-cost', { shippingCost: 500, returnCost: 6 }, {}, [
      UNITS,
      'shippingCost add up to',
    ]),
    item('in money', 'residual-value', { residualValue: 0.9 }, {}, [UNITS, 'look for units']),
    item('learnt of nothing', 'fulfillment-cost', { shippingCost: 5, returnCost: 6 }, { trains: true }, [
      SCALE,
      'fulfillment.shippingCost, returnCost was 8 times as large, and shippingCost is forecast 1.00 times as large',
    ]),
  ],
};

const MUTANTS = Object.values(KINDS).flat();

async function failure(model: AnyModel, name: string): Promise<string | undefined> {
  // Small, so that dozens of models are tried in seconds.
  const data = { articles: 14, markets: 2, weeks: 40 };
  const options = {
    data,
    liveTensors: () => tensors.live,
    givenLift: model.name === 'level' ? 'given' : undefined,
  };
  const found = conformanceChecks(model, options).find((check) => check.name === name);
  if (found === undefined || found.skip !== undefined) throw new Error(`no check ${name} for ${model.name}`);
  return found.run().then(
    () => undefined,
    (error: Error) => error.message,
  );
}

test(`the bench holds ${MUTANTS.length} broken models of ${Object.keys(KINDS).length} kinds`, () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(50);
  expect(new Set(MUTANTS.map(([name]) => name)).size).toBe(MUTANTS.length);
});

describe.each(Object.entries(KINDS))('where %s', (_kind, mutants) => {
  test.each(mutants)('%s is found, with a hint where to look', async (_name, model, check, message) => {
    expect(await failure(model, check)).toContain(message);
  });
});
