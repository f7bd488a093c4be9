import { Batch, float64Column, weeksBetween, type AnyModel } from '@hemline/core';
import { expect, it } from 'vitest';
import { evaluateFitted } from '../src/evaluate-fitted.ts';
import { syntheticTables } from '../src/testing/synthetic/tables.ts';
import { rollingCutoffs } from '../src/window.ts';
import { levelModel } from './fixtures/level-model.ts';

const tables = syntheticTables();
const horizon = 8;
const [cutoff] = rollingCutoffs({ lastWeek: tables.lastWeek, count: 1, horizon }) as [number];
const QUANTILES = [
  { column: 'median', share: 0.5 },
  { column: 'high', share: 0.9 },
];

/** A model whose median is above all demand in the first three weeks and below it later; its other quantile is above it always. */
const model: AnyModel = {
  ...levelModel(),
  quantiles: QUANTILES,
  async fit(...given) {
    const fitted = await levelModel().fit(...given);
    return {
      ...fitted,
      async *predict(request) {
        for await (const batch of fitted.predict(request)) {
          const near = batch.weeks('week').map((week) => Number(weeksBetween(cutoff, week) <= 3));
          yield new Batch({
            ...Object.fromEntries(batch.schema.fields.map(({ name }) => [name, batch.column(name)])),
            median: float64Column(Float64Array.from(near, (isNear) => (isNear === 1 ? 1e9 : -1))),
            high: float64Column(new Float64Array(batch.length).fill(1e9)),
          });
        }
      },
    };
  },
};

it('tells coverage in all, by week ahead, and by near and far', async () => {
  const fitted = await model.fit({ cutoff, seed: 1 }, tables.asOf(cutoff), {});
  const scores = await evaluateFitted(model, fitted, tables, { cutoff, horizon }, { allSegments: true });
  expect(scores.byWeekAhead.map(({ metrics }) => metrics['coverage50'])).toEqual([1, 1, 1, 0, 0, 0, 0, 0]);
  expect(scores.byWeekAhead.map(({ metrics }) => metrics['coverage90'])).toEqual(Array(8).fill(1));
  const near = scores.byWeekAhead.slice(0, 3).reduce((sum, { rows }) => sum + rows, 0);
  expect(scores.metrics['coverage50']).toBe(near / scores.rows);
  const leads = scores.segments.filter(
    ({ dimension, metric }) => dimension === 'lead' && metric === 'coverage50',
  );
  const nearLead = scores.byWeekAhead.slice(0, 4).reduce((sum, { rows }) => sum + rows, 0);
  expect(leads.map(({ result }) => result)).toEqual([near / nearLead, 0]);
});

it('refuses a forecast without the quantiles that its model declares', async () => {
  const declared: AnyModel = { ...levelModel(), quantiles: QUANTILES };
  const fitted = await declared.fit({ cutoff, seed: 1 }, tables.asOf(cutoff), {});
  await expect(evaluateFitted(declared, fitted, tables, { cutoff, horizon }, {})).rejects.toThrow(/median/);
});
