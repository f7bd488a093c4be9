import { collect, QUANTITIES, valueAt, type Batch, type QuantityName } from '@hemline/core';
import { describe, expect, it } from 'vitest';
import { demandActuals } from '../../src/actuals/demand-actuals.ts';
import { evaluateFitted } from '../../src/evaluate-fitted.ts';
import { rollingCutoffs } from '../../src/window.ts';
import type { ScoreTable } from '../../src/score-table.ts';
import { syntheticTables } from '../../src/testing/synthetic/tables.ts';
import { constantModel } from '../fixtures/constant-model.ts';
import { levelModel } from '../fixtures/level-model.ts';

const tables = syntheticTables();
const horizon = 8;
// Early enough that some series begin within the window.
const [cutoff] = rollingCutoffs({ lastWeek: tables.lastWeek, count: 6, horizon }) as [number];
const model = levelModel();

async function scored(segment?: string): Promise<ScoreTable> {
  const fitted = await model.fit({ cutoff, seed: 1 }, tables.asOf(cutoff), {});
  const options = { segment, allSegments: true };
  return evaluateFitted(model, fitted, tables, { cutoff, horizon }, options);
}

/** Metrics by part of one dimension, in their order. */
function partsOf({ segments }: ScoreTable, dimension: string): Map<string, Record<string, number | null>> {
  const parts = Map.groupBy(
    segments.filter((row) => row.dimension === dimension),
    ({ value }) => value,
  );
  return new Map(
    [...parts].map(([value, rows]) => [
      value,
      { rows: rows[0]!.rows, ...Object.fromEntries(rows.map(({ metric, result }) => [metric, result])) },
    ]),
  );
}

const sumOf = (scores: ScoreTable, dimension: string): number =>
  [...partsOf(scores, dimension).values()].reduce((sum, { rows }) => sum + rows!, 0);

describe('scores of demand by every dimension', () => {
  it('agree with those by week ahead and by segment, and leave the metrics as they are', async () => {
    const scores = await scored('market');
    const fitted = await model.fit({ cutoff, seed: 1 }, tables.asOf(cutoff), {});
    const plain = await evaluateFitted(model, fitted, tables, { cutoff, horizon }, { segment: 'market' });
    expect({ ...scores, segments: [] }).toEqual(plain);
    expect(plain.segments).toEqual([]);
    for (const { weekAhead, rows, metrics } of scores.byWeekAhead)
      expect(partsOf(scores, 'weekAhead').get(String(weekAhead))).toMatchObject({ rows, ...metrics });
    for (const { value, rows, metrics } of scores.bySegment)
      expect(partsOf(scores, 'market').get(value)).toMatchObject({ rows, ...metrics });
    for (const dimension of ['weekAhead', 'lead', 'discount', 'market', 'group'])
      expect(sumOf(scores, dimension), dimension).toBe(scores.rows);
    expect([...partsOf(scores, 'lead').keys()]).toEqual(['near (weeks 1 to 4)', 'far (weeks 5 and later)']);
  });

  it('count rows of series without history as cold start, and nowhere else', async () => {
    const scores = await scored();
    const counted = { all: 0, cold: 0, short: 0, none: 0 };
    for await (const piece of demandActuals(tables, { cutoff, horizon }, { coldStart: true })) {
      const discounts = piece.rows.floats('discount');
      piece.historyWeeks.forEach((weeks, row) => {
        counted.all++;
        if (weeks === 0) counted.cold++;
        if (weeks >= 1 && weeks <= 12) counted.short++;
        if (weeks > 0 && discounts[row]! < 0.005) counted.none++;
      });
    }
    expect(counted.cold).toBeGreaterThan(0);
    const histories = partsOf(scores, 'history');
    expect(histories.get('none (cold start)')!['rows']).toBe(counted.cold);
    expect(histories.get('1 to 12 weeks')?.['rows'] ?? 0).toBe(counted.short);
    expect(sumOf(scores, 'history')).toBe(counted.all);
    expect(scores.rows).toBe(counted.all - counted.cold);
    expect(partsOf(scores, 'discount').get('none')!['rows']).toBe(counted.none);
  });

  it('tell weeks whose discount is another than the last known one from those that go on as before', async () => {
    const scores = await scored();
    const last = new Map<string, { week: number; discount: number }>();
    const weekly = await collect(tables.get('weekly'));
    const keyOf = (batch: Batch, row: number): string =>
      ['article', 'market'].map((name) => valueAt(batch.column(name), row)).join(' ');
    const [dates, demand, discounts] = [
      weekly.weeks('week'),
      weekly.floats('demand'),
      weekly.floats('discount'),
    ];
    for (let row = 0; row < weekly.length; row++) {
      const key = keyOf(weekly, row);
      const isLater = dates[row]! <= cutoff && dates[row]! > (last.get(key)?.week ?? -Infinity);
      if (isLater && !Number.isNaN(demand[row]))
        last.set(key, { week: dates[row]!, discount: discounts[row]! });
    }
    const counted = { 'as the last known': 0, deeper: 0, 'less deep': 0 };
    for await (const piece of demandActuals(tables, { cutoff, horizon })) {
      const asked = piece.rows.floats('discount');
      for (let row = 0; row < piece.rows.length; row++) {
        const before = last.get(keyOf(piece.rows, row))!.discount;
        if (Number.isNaN(before)) continue;
        const change = asked[row]! - before;
        counted[Math.abs(change) <= 0.01 ? 'as the last known' : change > 0 ? 'deeper' : 'less deep']++;
      }
    }
    const parts = partsOf(scores, 'discountChange');
    for (const [part, rows] of Object.entries(counted)) {
      expect(rows, part).toBeGreaterThan(0);
      expect(parts.get(part)!['rows'], part).toBe(rows);
    }
  });
});

describe('scores of the other quantities by every dimension', () => {
  const cases: [Exclude<QuantityName, 'demand'>, Record<string, number>, string, number | null][] = [
    ['return-rate', { returnRate: 0.3 }, 'forecast', 1],
    ['return-time', { share: 1 / 15 }, 'lag', 15],
    ['residual-value', { residualValue: 0.3 }, 'age', null],
    ['fulfillment-cost', { shippingCost: 5, returnCost: 5 }, 'group', null],
  ];
  it.each(cases)('%s', async (quantity, values, dimension, parts) => {
    const weeks = quantity === 'residual-value' ? 26 : horizon;
    const [at] = rollingCutoffs({
      lastWeek: tables.lastWeek,
      count: 1,
      horizon: weeks,
      maturityWeeks: QUANTITIES[quantity].maturityWeeks,
    }) as [number];
    const constant = constantModel(quantity, values);
    const fitted = await constant.fit({ cutoff: at, seed: 1 }, tables.asOf(at), {});
    const options = { allSegments: true };
    const scores = await evaluateFitted(constant, fitted, tables, { cutoff: at, horizon: weeks }, options);
    const found = partsOf(scores, dimension);
    if (parts !== null) expect(found.size).toBe(parts);
    expect(found.size).toBeGreaterThan(0);
    for (const each of ['market', 'group', dimension]) expect(sumOf(scores, each), each).toBe(scores.rows);
    for (const { meanForecast, meanActual, bias, weight } of found.values()) {
      expect(weight).toBeGreaterThan(0);
      expect(meanForecast).toBeCloseTo(Object.values(values)[0]!, 9);
      if (bias !== null) expect(meanForecast! / meanActual! - 1).toBeCloseTo(bias!, 9);
    }
    // A class of forecasts is named by its bounds.
    if (quantity === 'return-rate') expect([...found.keys()]).toEqual(['30 to 35 %']);
  });
});
