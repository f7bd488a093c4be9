import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DemandScore, ShareScore, WeightedScore } from '../../src/metrics/scores.ts';

/** What `golden/make.py` writes. */
interface Case {
  actual: number[];
  forecast: number[];
  weight: number[];
  demand: Record<string, number>;
  weighted: Record<string, number>;
}

const cases = JSON.parse(readFileSync(new URL('../golden/metrics.json', import.meta.url), 'utf8')) as Case[];

function expectClose(given: Record<string, number>, expected: Record<string, number>): void {
  expect(Object.keys(given)).toEqual(Object.keys(expected));
  for (const [name, value] of Object.entries(expected)) expect(given[name], name).toBeCloseTo(value, 12);
}

test.each(cases)('metrics equal those of NumPy ($actual.length rows)', (one) => {
  const demand = new DemandScore();
  const weighted = new WeightedScore(['returnRate']);
  one.actual.forEach((actual, row) => {
    demand.add(one.forecast[row]!, actual, one.weight[row]!);
    weighted.add('returnRate', one.forecast[row]!, actual, one.weight[row]!);
  });
  expectClose(demand.metrics(), one.demand);
  expectClose(weighted.metrics(), one.weighted);
  expect(demand.rows).toBe(one.actual.length);
});

test('forecasting zero has a demand error of 1 and a bias of −1', () => {
  const score = new DemandScore();
  [3, 0, 8].forEach((actual) => score.add(0, actual, 7));
  expect(score.metrics()).toMatchObject({ demandError: 1, demandBias: -1, wape: 1 });
});

test('nothing sold: what divides by it is NaN, the rest is not', () => {
  const score = new DemandScore();
  score.add(2, 0, 7);
  expect(score.metrics()).toEqual({ demandError: NaN, demandBias: NaN, rmse: 2, mae: 2, wape: NaN });
});

test('several values: one metric over all, and one for each', () => {
  const score = new WeightedScore(['shippingCost', 'returnCost']);
  score.add('shippingCost', 5, 4, 3);
  score.add('returnCost', 2, 4, 1);
  expect(score.metrics()).toEqual({
    rmse: Math.sqrt((3 * 1 + 1 * 4) / 4),
    mae: (3 + 2) / 4,
    wape: 5 / 16,
    bias: 1 / 16,
    shippingCostRmse: 1,
    shippingCostMae: 1,
    shippingCostWape: 0.25,
    shippingCostBias: 0.25,
    returnCostRmse: 2,
    returnCostMae: 2,
    returnCostWape: 0.5,
    returnCostBias: -0.5,
  });
});

test('shares: log loss and Brier score are those of single units', () => {
  const score = new ShareScore();
  // Two of three units came back, then one of four.
  score.add('returnRate', 0.6, 2 / 3, 3);
  score.add('returnRate', 0.5, 1 / 4, 4);
  const { logLoss, brier, bias, rmse } = score.metrics();
  const units = [...[0.6, 0.6, 1 - 0.6], ...[0.5, 0.5, 0.5, 0.5]];
  expect(logLoss).toBeCloseTo(units.reduce((sum, p) => sum - Math.log(p), 0) / 7, 12);
  expect(brier).toBeCloseTo(units.reduce((sum, p) => sum + (1 - p) ** 2, 0) / 7, 12);
  expect(bias).toBeCloseTo((3 * 0.6 + 4 * 0.5 - 3) / 3, 12);
  expect(rmse).toBeCloseTo(Math.sqrt((3 * (0.6 - 2 / 3) ** 2 + 4 * 0.25 ** 2) / 7), 12);
});

test('a share that was certain and wrong costs much, not infinitely much', () => {
  const score = new ShareScore();
  score.add('returnRate', 0, 1, 1);
  expect(score.metrics().logLoss).toBeCloseTo(-Math.log(1e-6), 6);
});
