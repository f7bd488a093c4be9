import { DataError, schemaOf, Tables, valueAt, type Field } from '@hemline/core';
import { expect, test } from 'vitest';
import { fulfillmentCostActuals, residualValueActuals } from '../../src/actuals/cost-actuals.ts';
import { returnRateActuals, returnTimeActuals } from '../../src/actuals/return-actuals.ts';
import type { ItemActuals } from '../../src/actuals/item-actuals.ts';
import { BatchBuilder, type Cell } from '../../src/testing/batch-builder.ts';
import { cut } from '../../src/testing/synthetic/tables.ts';

const CUTOFF = 700;
const week = (position: number): number => CUTOFF + 7 * position;
const WINDOW = { cutoff: CUTOFF, horizon: 3 };

function table(name: 'weekly' | 'returns' | 'fulfillment' | 'clearance', fields: string, rows: Cell[][]) {
  const types: Record<string, Field['type']> = { article: 'string', market: 'string' };
  const schema = schemaOf(
    ...fields.split(' ').map((field): Field => {
      const type = types[field] ?? (/week$/i.test(field) ? 'date' : 'float64');
      return { name: field, type, nullable: type === 'float64' };
    }),
  );
  const builder = new BatchBuilder(schema);
  for (const row of rows) builder.add(...row);
  return cut(name, builder.build(), 2, schema);
}

function rowsOf(actuals: ItemActuals, value: string): unknown[] {
  const { actual, units } = actuals.values[value]!;
  return Array.from(actual, (observed, cell) => [
    valueAt(actuals.items.column('article'), Math.floor(cell / actuals.width)),
    observed,
    units[cell],
  ]);
}

const WEEKLY = [
  ['a', 'm', week(0), 100, 100],
  ['a', 'm', week(1), 9, 10],
  ['a', 'm', week(2), 5, 10],
  ['a', 'm', week(3), 99, 99], // Not mature at the last known week, week 16.
  ['b', 'm', week(1), 4, 4],
  ['b', 'm', week(2), null, null],
  ['c', 'm', week(2), 0, 0], // Nothing sold: no rate.
  ['a', 'm', week(16), 1, 1],
  ['a', 'm', week(17), null, null], // The plan.
];
const RETURNS = [
  ['a', 'm', week(0), week(1), 50], // Sold before the window.
  ['a', 'm', week(1), week(1), 1],
  ['a', 'm', week(1), week(15), 2],
  ['a', 'm', week(1), week(16), 7], // Later than 14 weeks.
  ['a', 'm', week(2), week(3), 3],
  ['a', 'm', week(3), week(4), 8], // Not mature.
];
const weekly = table('weekly', 'article market week demand sales', WEEKLY);
const returns = table('returns', 'article market saleWeek returnWeek units', RETURNS);

test('return rate: returned / sold of mature cohorts sold in the window', async () => {
  const actuals = await returnRateActuals(new Tables([weekly, returns]), WINDOW);
  expect(rowsOf(actuals, 'returnRate')).toEqual([
    ['a', 6 / 20, 20],
    ['b', 0, 4],
  ]);
});

test('return rate: demand stands for sales where there are none', async () => {
  const without = table(
    'weekly',
    'article market week demand',
    WEEKLY.map((row) => row.slice(0, 4)),
  );
  const actuals = await returnRateActuals(new Tables([without, returns]), WINDOW);
  expect(rowsOf(actuals, 'returnRate')[0]).toEqual(['a', 6 / 14, 14]);
});

test('return time: shares by lag of what came back, weighted by it', async () => {
  const actuals = await returnTimeActuals(new Tables([weekly, returns]), WINDOW);
  const shares = Array.from({ length: 15 }, (_, lag) => ({ 0: 1 / 6, 1: 3 / 6, 14: 2 / 6 })[lag] ?? 0);
  expect(rowsOf(actuals, 'share')).toEqual(shares.map((share) => ['a', share, 6]));
});

test('fulfilment cost: cost per unit shipped and per unit returned', async () => {
  const fulfillment = table(
    'fulfillment',
    'article market week shippedUnits shippingCost returnedUnits returnCost',
    [
      ['a', 'm', week(0), 100, 1, 100, 1],
      ['a', 'm', week(1), 2, 8, 0, 0],
      ['a', 'm', week(3), 2, 4, 1, 5],
      ['b', 'm', week(2), 1, 3, 0, 0],
      ['a', 'm', week(4), 100, 1, 100, 1],
    ],
  );
  const actuals = await fulfillmentCostActuals(new Tables([fulfillment]), WINDOW);
  expect(rowsOf(actuals, 'shippingCost')).toEqual([
    ['a', 3, 4],
    ['b', 3, 1],
  ]);
  expect(rowsOf(actuals, 'returnCost')).toEqual([
    ['a', 5, 1],
    ['b', NaN, 0],
  ]);
});

test('residual value: value / (units × black price)', async () => {
  const clearance = table('clearance', 'article market week units value blackPrice', [
    ['a', 'm', week(1), 2, 10, 20],
    ['a', 'm', week(2), 1, 6, 40],
    ['b', 'm', week(2), 0, 0, 40],
    ['a', 'm', week(4), 9, 9, 9],
  ]);
  const actuals = await residualValueActuals(new Tables([clearance]), WINDOW);
  expect(rowsOf(actuals, 'residualValue')).toEqual([['a', 16 / 80, 3]]);
});

test('an empty window says which data would be needed', async () => {
  const tables = new Tables([
    weekly,
    returns,
    table('fulfillment', 'article market week shippedUnits shippingCost returnedUnits returnCost', []),
    table('clearance', 'article market week units value blackPrice', []),
  ]);
  const late = { cutoff: week(10), horizon: 3 };
  await expect(returnRateActuals(tables, late)).rejects.toThrow(
    /14 weeks old.*none in \(1972-02-10, 1972-03-02\]/,
  );
  await expect(returnTimeActuals(tables, late)).rejects.toThrow(DataError);
  await expect(fulfillmentCostActuals(tables, late)).rejects.toThrow('units shipped or returned');
  await expect(residualValueActuals(tables, late)).rejects.toThrow('units cleared');
});

test('a return before its sale is an error', async () => {
  const wrong = table('returns', 'article market saleWeek returnWeek units', [
    ['a', 'm', week(2), week(1), 1],
  ]);
  await expect(returnTimeActuals(new Tables([weekly, wrong]), WINDOW)).rejects.toThrow(
    'whole weeks after its sale',
  );
});
