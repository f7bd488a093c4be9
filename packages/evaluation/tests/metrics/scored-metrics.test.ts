import { QUANTITIES, type QuantityName } from '@hemline/core';
import { expect, it } from 'vitest';
import { evaluateFitted } from '../../src/evaluate-fitted.ts';
import { scoredMetrics } from '../../src/metrics/scored-metrics.ts';
import { syntheticTables } from '../../src/testing/synthetic/tables.ts';
import { rollingCutoffs } from '../../src/window.ts';
import { constantModel } from '../fixtures/constant-model.ts';
import { levelModel } from '../fixtures/level-model.ts';

const tables = syntheticTables();

const VALUES: Readonly<Record<Exclude<QuantityName, 'demand'>, Record<string, number>>> = {
  'return-rate': { returnRate: 0.3 },
  'return-time': { share: 1 / 15 },
  'fulfillment-cost': { shippingCost: 5, returnCost: 5 },
  'residual-value': { residualValue: 0.3 },
};

it.each(Object.keys(QUANTITIES) as QuantityName[])(
  'of %s are those that an evaluation gives',
  async (quantity) => {
    const model = quantity === 'demand' ? levelModel() : constantModel(quantity, VALUES[quantity]);
    const { maturityWeeks } = QUANTITIES[quantity];
    const horizon = quantity === 'residual-value' ? 26 : 6;
    const rolled = { lastWeek: tables.lastWeek, count: 1, horizon, maturityWeeks };
    const [cutoff] = rollingCutoffs(rolled) as [number];
    const fitted = await model.fit({ cutoff, seed: 1 }, tables.asOf(cutoff), {});
    const { metrics } = await evaluateFitted(model, fitted, tables, { cutoff, horizon }, {});
    expect(scoredMetrics(model).toSorted()).toEqual(Object.keys(metrics).toSorted());
  },
);

it('name the coverage of each quantile that a model declares', () => {
  const quantiles = [
    { column: 'low', share: 0.025 },
    { column: 'high', share: 0.9 },
  ];
  expect(scoredMetrics({ quantity: 'demand', quantiles })).toEqual(
    expect.arrayContaining(['coverage2.5', 'coverage90']),
  );
});
