import {
  addWeeks,
  Batch,
  dateColumn,
  float64Column,
  itemsOf,
  stringsToColumn,
  Tables,
  weeksAhead,
  type Scenarios,
} from '@hemline/core';
import { cut, SeededRandom } from '@hemline/evaluation/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEMAND_PRESETS, demandHyperparameters } from '../src/hyperparameters.ts';
import model from '../src/model.ts';

const [ARTICLES, WEEKS, AHEAD] = [24, 60, 8];
/** Demand grows as the price paid to the power of minus this. The network begins with about 1. */
const ELASTICITY = 3;
const FIRST = 18_995;
const cutoff = addWeeks(FIRST, WEEKS - 1);
const DISCOUNTS = Float64Array.of(0, 0.1, 0.2, 0.3, 0.4, 0.5);

/** Articles sell differently well, each week at a discount drawn at random, with a scatter of 15 % to either side. */
const random = new SeededRandom(5);
const levels = Array.from({ length: ARTICLES }, () => 4 + 36 * random.uniform());
const rows = levels.flatMap((level, article) =>
  Array.from({ length: WEEKS }, (_, week) => {
    const discount = DISCOUNTS[random.below(DISCOUNTS.length)]!;
    const demand = level * (1 - discount) ** -ELASTICITY * (0.85 + 0.3 * random.uniform());
    return { article, week, discount, demand };
  }),
);
const weekly = new Batch({
  article: stringsToColumn(rows.map(({ article }) => `A${article}`)),
  market: stringsToColumn(rows.map(() => 'DE')),
  week: dateColumn(Int32Array.from(rows, ({ week }) => addWeeks(FIRST, week))),
  demand: float64Column(Float64Array.from(rows, ({ demand }) => demand)),
  discount: float64Column(Float64Array.from(rows, ({ discount }) => discount)),
  blackPrice: float64Column(new Float64Array(rows.length).fill(50)),
});
const tables = new Tables([cut('weekly', weekly, 500)]);

interface Forecast {
  readonly article: number;
  readonly discount: number;
  readonly demand: number;
}

/** Forecasts of all articles at all discounts, and what the training told. */
async function forecastAfter(steps: number): Promise<{ forecasts: Forecast[]; told: Map<string, number[]> }> {
  const hyperparameters = demandHyperparameters.parse({
    ...DEMAND_PRESETS.tiny,
    horizon: AHEAD,
    epochs: 1000,
    learningRate: 0.01,
    steps,
  });
  const told = new Map<string, number[]>();
  const onMetric = (name: string, value: number): void =>
    void told.set(name, [...(told.get(name) ?? []), value]);
  const fitted = await model.fit({ cutoff, seed: 1, onMetric }, tables, hyperparameters);
  const items = await itemsOf(tables.get('weekly'));
  const scenarios: Scenarios = {
    kind: 'grid',
    weeks: weeksAhead(cutoff, AHEAD),
    discounts: DISCOUNTS,
    plan: null,
  };
  const forecasts: Forecast[] = [];
  for await (const batch of fitted.predict({ cutoff, items, history: tables, scenarios, batchRows: 1e6 })) {
    const { values, dictionary } = batch.strings('article');
    const [discounts, demands] = [batch.floats('discount'), batch.floats('demand')];
    demands.forEach((demand, row) =>
      forecasts.push({
        article: Number(dictionary[values[row]!]!.slice(1)),
        discount: discounts[row]!,
        demand,
      }),
    );
  }
  fitted.dispose();
  return { forecasts, told };
}

/** Square root of the mean squared error over that of the demand itself. */
function errorOf(forecasts: readonly Forecast[], demandOf: (forecast: Forecast) => number): number {
  let [errors, squares] = [0, 0];
  for (const forecast of forecasts) {
    const truth = levels[forecast.article]! * (1 - forecast.discount) ** -ELASTICITY;
    errors += (demandOf(forecast) - truth) ** 2;
    squares += truth ** 2;
  }
  return Math.sqrt(errors / squares);
}

describe('what a training learns of a market with a known response to the price', () => {
  let untrained: Awaited<ReturnType<typeof forecastAfter>>;
  let trained: Awaited<ReturnType<typeof forecastAfter>>;

  beforeAll(async () => {
    untrained = await forecastAfter(1);
    trained = await forecastAfter(300);
  }, 120_000);

  it('forecasts far better than a constant, and than a network that learnt nothing', () => {
    const means = levels.map((_, article) => {
      const own = rows.filter((row) => row.article === article);
      return own.reduce((sum, { demand }) => sum + demand, 0) / own.length;
    });
    const constant = errorOf(trained.forecasts, ({ article }) => means[article]!);
    const before = errorOf(untrained.forecasts, ({ demand }) => demand);
    const after = errorOf(trained.forecasts, ({ demand }) => demand);
    expect(after).toBeLessThan(0.25 * constant);
    expect(after).toBeLessThan(0.25 * before);
  });

  it('finds the elasticity', () => {
    const at = (discount: number): number =>
      trained.forecasts.reduce((sum, one) => sum + (one.discount === discount ? one.demand : 0), 0);
    expect(Math.abs(Math.log(at(0.5) / at(0)) / Math.LN2 - ELASTICITY)).toBeLessThan(0.4);
  });

  it('forecasts held-out weeks better than it began, and far better than the mean of the last weeks', () => {
    const errors = trained.told.get('heldOutError')!;
    const begun = untrained.told.get('heldOutError')!;
    const held = rows.filter(({ week }) => week >= WEEKS - AHEAD);
    const recent = levels.map((_, article) => {
      const before = rows.filter((row) => row.article === article && row.week < WEEKS - AHEAD).slice(-8);
      return before.reduce((sum, { demand }) => sum + demand, 0) / before.length;
    });
    const naive = Math.sqrt(
      held.reduce((sum, { article, demand }) => sum + (recent[article]! - demand) ** 2, 0) /
        held.reduce((sum, { demand }) => sum + demand ** 2, 0),
    );
    expect(Math.min(...errors)).toBeLessThan(0.35 * naive);
    expect(Math.min(...errors)).toBeLessThan(0.35 * begun[0]!);
  });

  it('tells how the losses fall, and ends when held-out weeks are forecast no better', () => {
    const [losses, heldOut] = ['loss', 'heldOutLoss'].map((name) => trained.told.get(name)!) as [
      number[],
      number[],
    ];
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
    expect(Math.min(...heldOut)).toBeLessThan(0.3 * heldOut[0]!);
  });
});
