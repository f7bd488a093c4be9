import {
  addWeeks,
  formatWeek,
  HemlineError,
  HyperparameterError,
  InterruptedError,
  QUANTITIES,
  type AnyModel,
  type ArtifactReader,
  type QuantityName,
} from '@hemline/core';
import { describe, expect, test } from 'vitest';
import { backtest } from '../src/backtest.ts';
import { rollingCutoffs } from '../src/window.ts';
import { syntheticTables } from '../src/testing/synthetic/tables.ts';
import { constantModel } from './fixtures/constant-model.ts';
import { levelModel } from './fixtures/level-model.ts';

const tables = syntheticTables();
const cutoffs = rollingCutoffs({ lastWeek: tables.lastWeek, count: 3, horizon: 4 });

test('demand: each cutoff is fitted on its own past and scored on the weeks after it', async () => {
  const seen: number[] = [];
  const model = levelModel();
  const spied: AnyModel = {
    ...model,
    async fit(job, known, hyperparameters) {
      let last = 0;
      for await (const batch of known.get('weekly').batches({ columns: ['week'] }))
        last = Math.max(last, ...batch.weeks('week'));
      seen.push(last);
      return model.fit(job, known, hyperparameters);
    },
  };
  const result = await backtest(spied, tables, { cutoffs, horizon: 4, segment: 'market' });
  expect(seen).toEqual(cutoffs);
  expect(result).toMatchObject({ model: 'level', quantity: 'demand', horizon: 4 });
  expect(result.cutoffs.map(({ cutoff }) => cutoff)).toEqual(cutoffs);
  const errors = result.cutoffs.map(({ metrics }) => metrics['demandError']!);
  const mean = errors.reduce((sum, value) => sum + value, 0) / 3;
  expect(result.mean['demandError']).toBeCloseTo(mean, 12);
  const variance = errors.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 2;
  expect(result.spread['demandError']).toBeCloseTo(Math.sqrt(variance), 12);
  // Knowing the level and that demand rises with the discount is better than nothing.
  expect(mean).toBeLessThan(0.8);
  for (const { rows, byWeekAhead, bySegment } of result.cutoffs) {
    expect(byWeekAhead.map(({ weekAhead }) => weekAhead)).toEqual([1, 2, 3, 4]);
    expect(byWeekAhead.reduce((sum, part) => sum + part.rows, 0)).toBe(rows);
    expect(bySegment.map(({ value }) => value).sort()).toEqual(['AT', 'BE']);
    expect(bySegment.reduce((sum, part) => sum + part.rows, 0)).toBe(rows);
  }
});

test('demand curves that fall are counted', async () => {
  const share = async (fallsWithDiscount: boolean): Promise<number> =>
    (await backtest(levelModel({ fallsWithDiscount }), tables, { cutoffs, horizon: 4 })).mean[
      'monotoneViolations'
    ]!;
  expect(await share(false)).toBe(0);
  // Series without demand have flat curves.
  expect(await share(true)).toBeGreaterThan(0.9);
});

test('a model that leaves discounts out is refused', async () => {
  await expect(
    backtest(levelModel({ skipsLastDiscount: true }), tables, { cutoffs, horizon: 4 }),
  ).rejects.toThrow(/left discounts without a forecast; expected \d+ curves of 15 discounts/);
});

test('a segment that is missing for some items is called unknown', async () => {
  const {
    cutoffs: [first],
  } = await backtest(levelModel(), tables, { cutoffs, horizon: 4, segment: 'group' });
  expect(first!.bySegment.map(({ value }) => value)).toContain('(unknown)');
});

describe('the other quantities are scored by item', () => {
  const cases: [Exclude<QuantityName, 'demand'>, Record<string, number>][] = [
    ['return-rate', { returnRate: 0.3 }],
    ['return-time', { share: 1 / 15 }],
    ['fulfillment-cost', { shippingCost: 5, returnCost: 5 }],
    ['residual-value', { residualValue: 0.3 }],
  ];
  test.each(cases)('%s', async (quantity, values) => {
    const { maturityWeeks } = QUANTITIES[quantity];
    const horizon = quantity === 'residual-value' ? 26 : 6;
    const rolled = rollingCutoffs({ lastWeek: tables.lastWeek, count: 2, horizon, step: 1, maturityWeeks });
    const result = await backtest(constantModel(quantity, values), tables, {
      cutoffs: rolled,
      horizon,
      segment: 'group',
    });
    for (const { rows, metrics, byWeekAhead, bySegment } of result.cutoffs) {
      expect(rows).toBeGreaterThan(5);
      expect(metrics['rmse']).toBeGreaterThan(0);
      expect(metrics['wape']).toBeLessThan(2);
      expect(byWeekAhead).toEqual([]);
      expect(bySegment.reduce((sum, part) => sum + part.rows, 0)).toBe(rows);
    }
    const flawed = backtest(constantModel(quantity, values, { skipsFirst: true }), tables, {
      cutoffs: rolled,
      horizon,
    });
    await expect(flawed).rejects.toThrow('left an item without a forecast');
  });
});

test('a model that forecasts other rows, or no numbers, is found out', async () => {
  const [cutoff] = cutoffs;
  const run = (flaw: Parameters<typeof levelModel>[0]) =>
    backtest(levelModel(flaw), tables, { cutoffs: [cutoff!], horizon: 4 });
  await expect(run({ reversesPlan: true })).rejects.toThrow('forecast other rows than those planned');
  const unknowing = levelModel({ infiniteForUnknown: true });
  const infinite: AnyModel = { ...unknowing, fit: () => unknowing.load(EMPTY as unknown as ArtifactReader) };
  await expect(backtest(infinite, tables, { cutoffs: [cutoff!], horizon: 4 })).rejects.toThrow(HemlineError);
  await expect(backtest(infinite, tables, { cutoffs: [cutoff!], horizon: 4 })).rejects.toThrow('no number');
});

/** An artifact of a model that knows no series. */
const EMPTY = { readJson: async () => [] };

test('hyperparameters that are not valid are all named', async () => {
  const options = { cutoffs, horizon: 4, hyperparameters: { a: 'x', b: 'z', c: 1 } };
  const error = await backtest(constantModel('return-rate', { returnRate: 0.3 }), tables, options).catch(
    (thrown: Error) => thrown,
  );
  expect(error).toBeInstanceOf(HyperparameterError);
  expect((error as Error).message).toMatch(/a: .*b: .*"c".*Known are a, b/);
});

test('no cutoff, no horizon, too long a horizon, an empty window, a raised signal', async () => {
  const model = levelModel({}, { capabilities: { trains: true, monotoneIn: [], maximumHorizon: 3 } });
  await expect(backtest(model, tables, { cutoffs: [], horizon: 3 })).rejects.toThrow('needs a window');
  await expect(backtest(model, tables, { cutoffs, horizon: 0 })).rejects.toThrow('needs a window');
  await expect(backtest(model, tables, { cutoffs: [...cutoffs, cutoffs[0]!], horizon: 3 })).rejects.toThrow(
    `a cutoff is given twice; expected every cutoff once, found ${formatWeek(cutoffs[0]!)} again`,
  );
  await expect(backtest(model, tables, { cutoffs, horizon: 3, seeds: [1, 2, 1] })).rejects.toThrow(
    'a seed is given twice; expected every seed once, found 1 again',
  );
  await expect(backtest(model, tables, { cutoffs, horizon: 4 })).rejects.toThrow('at most 3 weeks');
  const after = addWeeks(tables.lastWeek, 1);
  await expect(backtest(model, tables, { cutoffs: [after], horizon: 3 })).rejects.toThrow(
    'nothing to compare',
  );
  const signal = AbortSignal.abort();
  await expect(backtest(model, tables, { cutoffs, horizon: 3, signal })).rejects.toThrow(InterruptedError);
});

test('an unknown segment is a SchemaError', async () => {
  await expect(backtest(levelModel(), tables, { cutoffs, horizon: 4, segment: 'colour' })).rejects.toThrow(
    'colour',
  );
});

test('several seeds: the model is fitted with each, and their spread is told apart from that of the cutoffs', async () => {
  const model = levelModel();
  const seen: number[] = [];
  const seeded: AnyModel = {
    ...model,
    fit(job, known, hyperparameters) {
      seen.push(job.seed);
      return model.fit(job, known, hyperparameters);
    },
  };
  const two = cutoffs.slice(0, 2);
  const result = await backtest(seeded, tables, { cutoffs: two, horizon: 4, seeds: [4, 9, 2] });
  expect(seen).toEqual([4, 9, 2, 4, 9, 2]);
  expect(result.cutoffs.map(({ cutoff, seed }) => [cutoff, seed])).toEqual(
    two.flatMap((cutoff) => [4, 9, 2].map((seed) => [cutoff, seed])),
  );
  // This model is the same with every seed: all spread is that of the cutoffs.
  expect(result.seedSpread['demandError']).toBeCloseTo(0, 12);
  const single = await backtest(seeded, tables, { cutoffs: two, horizon: 4 });
  expect(result.spread['demandError']).toBeCloseTo(single.spread['demandError']!, 12);
  expect(result.mean['demandError']).toBeCloseTo(single.mean['demandError']!, 12);
  await expect(backtest(seeded, tables, { cutoffs: two, horizon: 4, seeds: [] })).rejects.toThrow(/one seed/);
});
