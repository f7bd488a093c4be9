import { CURVE_SLOPES, reachOf } from '@hemline/features';
import { describe, expect, it } from 'vitest';
import { cutParts, NETWORK_INPUTS, PAST_EXTRA, trainingTargets } from '../src/window-parts.ts';
import { Windows } from '../src/windows.ts';
import { store } from './wave-store.ts';

const shape = { historyWeeks: 12, horizon: 26, scaleWeeks: 26, priorWeeks: 2 };
const windows = new Windows(store, shape);
const SERIES = 2;
const first = store.offsets[SERIES]!;

describe('a series that is yet to come', () => {
  const ahead = 6;
  const inputs = cutParts(windows, NETWORK_INPUTS, [SERIES], [first - ahead]);
  const { demand, weight, reach } = cutParts(windows, trainingTargets(0.5), [SERIES], [first - ahead]);

  it('has no history, not even of the series beside it', () => {
    expect(inputs.past.values.every((value) => value === 0)).toBe(true);
    expect(inputs.pastBias.values.every((value) => value < -1e6)).toBe(true);
    expect(inputs.pastReach.values.every((value) => value === 0)).toBe(true);
    expect(windows.levelOf(SERIES, first - ahead)).toEqual({
      level: store.prior[SERIES],
      logPrice: NaN,
      support: 0,
    });
  });

  it('is planned and learnt from its first week on', () => {
    const before = ahead - 1;
    const planned = inputs.planned.values;
    expect([...planned.slice(0, 2 * before)].every((value) => value === 0)).toBe(true);
    expect([...planned.slice(2 * before)]).toEqual([
      ...store.planned.slice(2 * first, 2 * (first + shape.horizon - before)),
    ]);
    expect([...weight.values.slice(0, before)].every((value) => value === 0)).toBe(true);
    for (let week = before; week < shape.horizon; week++) {
      const known = store.logDemand[first + week - before]!;
      if (Number.isNaN(known)) expect(weight.values[week]).toBe(0);
      else expect(demand.values[week]).toBeCloseTo(Math.expm1(known) / Math.exp(store.prior[SERIES]!), 5);
    }
    expect(reach.shape).toEqual([1, shape.horizon, CURVE_SLOPES]);
  });
});

it('tells how far past prices reached, as the targets do of later ones', () => {
  const last = first + 20;
  const values = cutParts(windows, NETWORK_INPUTS, [SERIES], [last]).pastReach.values;
  const level = windows.levelOf(SERIES, last);
  for (let week = 0; week < shape.historyWeeks; week++) {
    const row = last - shape.historyWeeks + 1 + week;
    const isKnown = !Number.isNaN(store.logDemand[row]!);
    for (let k = 0; k < CURVE_SLOPES; k++) {
      const depth = -Math.log1p(-store.discount[row]!);
      const wanted = isKnown ? reachOf(windows.positionOf(level, row), depth, k) : 0;
      expect(values[week * CURVE_SLOPES + k]).toBeCloseTo(wanted, 6);
    }
  }
});

it('puts log demand over the level, and whether it is known, after the covariates', () => {
  const last = first + 20;
  const values = cutParts(windows, NETWORK_INPUTS, [SERIES], [last]).past.values;
  const width = values.length / shape.historyWeeks;
  const { level } = windows.levelOf(SERIES, last);
  const row = last - 2;
  const at = (shape.historyWeeks - 3) * width + width - PAST_EXTRA;
  expect(values[at]).toBeCloseTo(store.logDemand[row]! - level, 6);
  expect(values[at + 1]).toBe(1);
});
