import { Batch, stringsToColumn } from '@hemline/core';
import { demandQuantile, OrdinalEncoder, QUANTILES } from '@hemline/features';
import { SeededRandom } from '@hemline/evaluation/testing';
import { ParameterLayout } from '@hemline/tensor';
import { describe, expect, it } from 'vitest';
import { carriedRows, carriedWeights } from '../src/carried-weights.ts';
import { OUTPUT_WIDTH } from '../src/fitted-network.ts';
import { heldOutBatches, heldOutWeeksOf, heldOutWindows } from '../src/held-out-windows.ts';
import { DEMAND_PRESETS, demandHyperparameters } from '../src/hyperparameters.ts';
import { DemandNetwork } from '../src/network.ts';
import type { SeriesStore } from '../src/series-store.ts';
import { spreadFactors } from '../src/spread-calibration.ts';
import { paceOf } from '../src/training-pace.ts';
import { Windows } from '../src/windows.ts';
import { store } from './wave-store.ts';

const shape = { historyWeeks: 12, horizon: 26, scaleWeeks: 26, priorWeeks: 2 };
const SERIES = store.offsets.length - 1;
const last = store.weeks.at(-1)!;
const cutoff = last - 7 * 8;

describe('held-out weeks', () => {
  it('are eight, a quarter of short data, as many as are asked for, or none', () => {
    expect([104, 32, 20, 3].map((weeks) => heldOutWeeksOf(weeks))).toEqual([8, 8, 5, 0]);
    expect(heldOutWeeksOf(104, 6)).toBe(6);
  });

  it('have all the weight: weeks before them, and estimates, have none', () => {
    const held = heldOutWindows(new Windows(store, shape), cutoff, Infinity, 4);
    // Near weeks of all series, far ones of as many as a batch holds.
    expect(held.series).toHaveLength(SERIES + 4 + 4);
    const weights = heldOutBatches(held, 4, 0.5).flatMap(({ weight }) => [...weight.values]);
    held.series.forEach((series, i) => {
      for (let week = 0; week < shape.horizon; week++) {
        const row = held.rows[i]! + 1 + week;
        const isThere = row < store.offsets[series + 1]!;
        const counts =
          isThere &&
          store.weeks[row]! > cutoff &&
          !Number.isNaN(store.logDemand[row]!) &&
          store.imputed[row] === 0;
        expect(weights[i * shape.horizon + week]! > 0).toBe(counts);
      }
    });
    // The last batch is filled up with windows of nothing.
    expect(weights.slice(held.series.length * shape.horizon).every((weight) => weight === 0)).toBe(true);
  });

  it('tell nothing where no demand is known of them', () => {
    const unknown = store.logDemand.map((value, row) => (store.weeks[row]! > cutoff ? NaN : value));
    const windows = new Windows({ ...store, logDemand: unknown }, shape);
    expect(heldOutBatches(heldOutWindows(windows, cutoff, Infinity, 4), 4, 0.5)).toEqual([]);
  });

  it('mark the series that are not learnt from', () => {
    const held = heldOutWindows(new Windows(store, shape), cutoff, 0.5, 4);
    const again = heldOutWindows(new Windows(store, shape), cutoff, 0, 4);
    expect(new Set(held.unseen)).toEqual(new Set([0, 1]));
    expect([...again.unseen].every((flag) => flag === 1)).toBe(true);
    const [batch] = heldOutBatches(held, 4, 0.5);
    expect([...batch!.unseen.values]).toEqual([...held.unseen.subarray(0, 4)]);
  });
});

describe('the pace of a training', () => {
  const hyperparameters = demandHyperparameters.parse({});

  it('takes small batches of little data, and ends where no held-out weeks tell when', () => {
    const [little, much] = [3_000, 300_000].map((windows) => paceOf(windows, hyperparameters)) as [
      ReturnType<typeof paceOf>,
      ReturnType<typeof paceOf>,
    ];
    expect([little.batchSize, much.batchSize]).toEqual([32, 256]);
    expect([little.members, much.members]).toEqual([3, 1]);
    expect([little.steps, much.steps]).toEqual([1875, 2000]);
    expect([little.blindSteps, much.blindSteps]).toEqual([100, 1172]);
    expect(little.validateEvery).toBeLessThan(much.validateEvery);
  });

  it('looks at held-out weeks in the shortest training', () => {
    const { steps, validateEvery, warmUp } = paceOf(50, demandHyperparameters.parse({ steps: 3 }));
    expect(validateEvery).toBeLessThan(steps);
    expect(warmUp).toBeLessThan(steps);
  });
});

it('weights are carried over to a network that knows more categories: new ones begin as the unseen', () => {
  const before = new OrdinalEncoder(new Map([['brand', ['x', 'y']]]));
  const after = new OrdinalEncoder(new Map([['brand', ['new', 'y', 'x']]]));
  const rows = carriedRows(before, after);
  expect(rows.map((codes) => [...codes])).toEqual([[0, 0, 2, 1]]);
  const hyperparameters = demandHyperparameters.parse(DEMAND_PRESETS.tiny);
  const layoutOf = (categories: number): ParameterLayout => {
    const layout = new ParameterLayout();
    new DemandNetwork(layout, { past: 6, planned: 2, statics: 3, categories: [categories] }, hyperparameters);
    return layout;
  };
  const [small, large] = [layoutOf(3), layoutOf(4)];
  const weights = Float32Array.from({ length: small.size }, (_, i) => i);
  const carried = carriedWeights(weights, small, large, rows);
  const tables = large.parameters.filter(({ name }) => name.includes('attribute'));
  expect(tables.map(({ name }) => name)).toEqual(['attribute.0.table', 'response.attribute.0.table']);
  large.parameters.forEach(({ name, offset, size, shape: [, width] }, i) => {
    const old = small.parameters[i]!;
    const found = [...carried.subarray(offset, offset + size)];
    const own = [...weights.subarray(old.offset, old.offset + old.size)];
    const wanted = name.includes('attribute')
      ? [0, 0, 2, 1].flatMap((row) => own.slice(row * width!, (row + 1) * width!))
      : own;
    expect(found).toEqual(wanted);
  });
});

it('quantiles are made as wide as held-out weeks were, by week ahead', () => {
  const [series, weeks, horizon] = [400, 40, 4];
  const random = new SeededRandom(3);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  /** Variance over the squared mean of the last weeks: what is a week ahead scatters less. */
  const scatter = [0.1, 0.1, 0.8, 0.8];
  const demand = Float64Array.from({ length: series * weeks }, (_, row) => {
    const ahead = (row % weeks) - (weeks - horizon);
    if (ahead < 0) return 100;
    const variance = Math.log1p(scatter[ahead]!);
    return 100 * Math.exp(Math.sqrt(variance) * normal() - variance / 2);
  });
  const names = Array.from({ length: series }, (_, i) => `s${i}`);
  const all: SeriesStore = {
    ...store,
    keys: new Batch({ article: stringsToColumn(names), market: stringsToColumn(names.map(() => 'DE')) }),
    offsets: Uint32Array.from({ length: series + 1 }, (_, i) => i * weeks),
    weeks: Int32Array.from(demand, (_, row) => 19_000 + 7 * (row % weeks)),
    logDemand: Float32Array.from(demand, Math.log1p),
    imputed: new Uint8Array(demand.length),
    blackPrice: new Float32Array(demand.length).fill(20),
    discount: new Float32Array(demand.length),
    planned: new Float32Array(demand.length),
    plannedWidth: 1,
    past: new Float32Array(),
    pastWidth: 0,
    codes: new Int32Array(),
    codesWidth: 0,
    statics: new Float32Array(),
    staticsWidth: 0,
    prior: new Float32Array(series).fill(Math.log1p(100)),
    response: new Float32Array(series * 12),
  };
  const windows = new Windows(all, { ...shape, horizon });
  const until = 19_000 + 7 * (weeks - horizon - 1);
  // The network is right about the mean, and says 0.2 of all weeks.
  const levels = windows.levelOf(0, weeks - horizon - 1);
  const output = Float32Array.from({ length: 64 * horizon * OUTPUT_WIDTH }, (_, at) => {
    const of = at % OUTPUT_WIDTH;
    return of === 0 ? Math.log(100) - levels.level : of === OUTPUT_WIDTH - 1 ? Math.log(0.2) : 0;
  });
  const factors = spreadFactors({ call: () => output }, heldOutWindows(windows, until, Infinity, 128), 64);
  expect(factors).toHaveLength(horizon);
  // A week and those beside it, held to all: between the two, and in order.
  expect(factors[0]).toBeLessThan(1);
  expect(factors[3]).toBeGreaterThan(2);
  expect(factors[0]).toBeLessThan(factors[3]!);
  for (const { share } of QUANTILES) {
    const held = demand.filter((value, row) => {
      const ahead = (row % weeks) - (weeks - horizon);
      return ahead >= 0 && value <= demandQuantile(100, 0.2 * factors[ahead]!, share);
    }).length;
    expect(Math.abs(held / (series * horizon) - share)).toBeLessThan(0.06);
  }
});
